using IdentityProvider.Server.Composition;
using Microsoft.AspNetCore.Mvc.Filters;

namespace IdentityProvider.Server.Pages;

/// <summary>Headers and language of every Razor page.</summary>
internal sealed class PageFilter(PageLanguage language) : IAsyncResourceFilter
{
    public Task OnResourceExecutionAsync(ResourceExecutingContext context, ResourceExecutionDelegate next)
    {
        SecurityHeaders.ForPage(context.HttpContext);
        language.Use(context.HttpContext);
        return next();
    }
}
