using IdentityProvider.Protocol.Catalog;
using Microsoft.Extensions.Primitives;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// The Fetch standard's CORS protocol for one route. Credentials are never allowed: what these endpoints want is in the request itself,
/// and a cookie of ours means nothing to them.
/// </summary>
internal sealed class CrossOrigin(CorsPolicy policy, string methods, ICatalogStore catalog)
{
    /// <summary>Two hours: what Chromium keeps at most.</summary>
    private static readonly StringValues PreflightAge = "7200";

    private static readonly StringValues RequestHeaders = "Authorization, Content-Type, If-None-Match";

    /// <summary>Tells the browser whether the page may read the answer.</summary>
    /// <returns>Whether it may.</returns>
    public bool Apply(HttpContext context)
    {
        switch (policy)
        {
            case CorsPolicy.Anyone:
                context.Response.Headers.AccessControlAllowOrigin = "*";
                return true;
            case CorsPolicy.PublicClients:
                var headers = context.Response.Headers;
                headers.Vary = "Origin";
                if (context.Request.Headers.Origin is not [{ } origin] || !catalog.Current.IsBrowserOrigin(origin))
                {
                    return false;
                }

                headers.AccessControlAllowOrigin = origin;
                headers.AccessControlExposeHeaders = "WWW-Authenticate";
                return true;
            default:
                return false;
        }
    }

    public Task AnswerPreflight(HttpResponse response)
    {
        response.Headers.AccessControlAllowMethods = methods;
        response.Headers.AccessControlAllowHeaders = RequestHeaders;
        response.Headers.AccessControlMaxAge = PreflightAge;
        response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }
}
