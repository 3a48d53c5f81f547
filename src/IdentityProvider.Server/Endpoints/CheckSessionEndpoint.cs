using System.Text;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// <c>GET /connect/checksession</c>: the frame of Session Management §3.2, an empty page with one script. With <c>client_id</c> and
/// <c>origin</c> it tells the script whether that client may ask from there: 204, or 404.
/// </summary>
internal sealed class CheckSessionEndpoint(PageAssets assets, ICatalogStore catalog)
{
    private const string Origin = "origin";

    public Task HandleAsync(HttpContext context)
    {
        var query = context.Request.Query;
        return query.ContainsKey(ParameterNames.ClientId) ? Answer(context, query) : WritePageAsync(context);
    }

    private Task Answer(HttpContext context, IQueryCollection query)
    {
        ProtocolResults.NoStore(context.Response);
        var client = catalog.Current.FindClient(query[ParameterNames.ClientId].ToString());
        var origin = query[Origin].ToString();
        var isKnown = client?.RedirectUris.Any(uri => string.Equals(CheckSession.OriginOf(uri), origin, StringComparison.Ordinal)) == true;
        context.Response.StatusCode = isKnown ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private Task WritePageAsync(HttpContext context)
    {
        var page = "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Session</title></head><body><script src=\""
            + $"{context.Request.PathBase}/{assets.CheckSessionScript}\"></script></body></html>";
        SecurityHeaders.ForCheckSession(context);
        var body = Encoding.UTF8.GetBytes(page);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
