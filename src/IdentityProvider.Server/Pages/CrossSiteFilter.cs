using IdentityProvider.Server.Endpoints;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Forms are taken from our own pages only: first by what the browser says of the sender (Fetch Metadata, Origin), then by the antiforgery
/// token. Both are answered 403 with a page, and nothing has happened.
/// </summary>
internal sealed class CrossSiteFilter(ILogger<CrossSiteFilter> logger) : IAuthorizationFilter, IAlwaysRunResultFilter, IOrderedFilter
{
    /// <summary>Before the antiforgery filter, which stands at 1000.</summary>
    public int Order => 0;

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || IsFromHere(request))
        {
            return;
        }

        var errorId = ErrorId.Create();
        Log.CrossSiteRefused(
            logger, errorId, request.Path, new LogText(request.Headers["Sec-Fetch-Site"].ToString()), new LogText(request.Headers.Origin.ToString()));
        context.Result = new PageAnswer(ErrorPage.CrossSite(errorId));
    }

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult)
        {
            var errorId = ErrorId.Create();
            Log.ForgeryRefused(logger, errorId, context.HttpContext.Request.Path);
            context.Result = new PageAnswer(ErrorPage.CrossSite(errorId));
        }
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }

    private static bool IsFromHere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..])
        {
            return string.Equals(site, "same-origin", StringComparison.Ordinal);
        }

        // Our pages send no referrer, and for those browsers write the origin "null": then the token alone decides.
        return request.Headers.Origin is not [{ } origin, ..]
            || string.Equals(origin, "null", StringComparison.Ordinal)
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }
}
