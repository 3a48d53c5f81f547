using IdentityProvider.Protocol.Discovery;

namespace IdentityProvider.Server.Endpoints;

/// <summary>Both well-known addresses of the metadata: RFC 8414 §3, OIDC Discovery §4.</summary>
internal sealed class MetadataEndpoint(ServerMetadataDocument metadata)
{
    /// <summary>Clients ask at their start; a scope declared now is seen within minutes.</summary>
    private const string CacheControl = "public, max-age=300";

    public Task HandleAsync(HttpContext context)
    {
        var published = metadata.Current;
        return ProtocolResults.WriteDocumentAsync(
            context, new PublicDocument(published.Body, "application/json", published.ETag, CacheControl));
    }
}
