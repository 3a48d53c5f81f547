using IdentityProvider.Protocol.Discovery;
using IdentityProvider.Protocol.Keys;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>jwks_uri</c>: RFC 7517 §5, OIDC Core §10.1.1.</summary>
internal sealed class JsonWebKeySetEndpoint(KeyRing ring)
{
    public Task HandleAsync(HttpContext context)
    {
        var document = ring.Document;
        return ProtocolResults.WriteDocumentAsync(
            context, new PublicDocument(document.Body, JsonWebKeySetDocument.MediaType, document.ETag, document.CacheControl));
    }
}
