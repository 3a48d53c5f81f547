using IdentityProvider.Server.Composition;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace IdentityProvider.Server.Pages;

/// <summary>A page of ours as the answer of an endpoint that is not a Razor page itself.</summary>
internal sealed class ViewPage<TModel>(string view, TModel model, int status, Uri? destination = null, bool script = false, IReadOnlyList<string>? frames = null)
    : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        SecurityHeaders.ForPage(httpContext, destination, script, frames);
        httpContext.RequestServices.GetRequiredService<PageLanguage>().Use(httpContext);
        var metadata = httpContext.RequestServices.GetRequiredService<IModelMetadataProvider>();
        var result = new ViewResult
        {
            ViewName = $"/Pages/Shared/{view}.cshtml",
            ViewData = new ViewDataDictionary<TModel>(metadata, new ModelStateDictionary()) { Model = model },
            StatusCode = status,
        };
        return result.ExecuteResultAsync(new ActionContext(httpContext, new RouteData(), new ActionDescriptor()));
    }
}
