using IdentityProvider.Server.Endpoints;
using Microsoft.AspNetCore.Mvc.Filters;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Refuses what no handler of a page answers, another method or the form of no handler: Razor would write the page all the same, for everybody and
/// with nothing read for it.
/// </summary>
internal sealed class HandlerFilter : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var request = context.HttpContext.Request;
        if (context.HandlerMethod is not null || HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return; // what is read may be a page without a handler
        }

        var takesForms = context.ActionDescriptor.HandlerMethods.Any(handler => HttpMethods.IsPost(handler.HttpMethod));
        if (takesForms && HttpMethods.IsPost(request.Method))
        {
            context.Result = new PageAnswer(ErrorPage.NotFound(ErrorId.Create()));
            return;
        }

        // RFC 9110 §15.5.6
        context.HttpContext.Response.Headers.Allow = takesForms ? "GET, HEAD, POST" : "GET, HEAD";
        context.Result = new PageAnswer(ErrorPage.Fault(StatusCodes.Status405MethodNotAllowed, ErrorId.Create()));
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }
}
