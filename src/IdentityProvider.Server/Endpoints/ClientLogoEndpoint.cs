using System.Globalization;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Server.Logos;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// <c>GET /connect/logos/{client_id}</c>: the logo a client registered, as a picture of ours. Where it is read from stands in the catalog, never in
/// the request.
/// </summary>
internal sealed class ClientLogoEndpoint(ICatalogStore catalog, ClientLogos logos)
{
    /// <summary>Name of the route's value.</summary>
    public const string ClientId = "client_id";

    private const string KeepForAnHour = "public, max-age=3600";

    public async Task HandleAsync(HttpContext context)
    {
        var client = catalog.Current.FindClient((string)context.GetRouteValue(ClientId)!);
        var address = client is null ? null : ClientLogos.AddressOf(client, context.Request.Query[ClientLogos.LanguageParameter].ToString());
        if (address is null || await logos.GetAsync(address).WaitAsync(context.RequestAborted) is not { } image)
        {
            ProtocolResults.NoStore(context.Response);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // Opened by itself, it still runs nothing; nosniff is on every answer.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'";
        context.Response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        context.Response.Headers.ContentDisposition = "inline; filename=\"logo\"";
        var etag = string.Create(CultureInfo.InvariantCulture, $"\"{Convert.ToHexStringLower(SHA256.HashData(image.Octets).AsSpan(0, 8))}\"");
        await ProtocolResults.WriteDocumentAsync(context, new PublicDocument(image.Octets, image.ContentType, etag, KeepForAnHour));
    }
}
