using IdentityProvider.Protocol.Discovery;

namespace IdentityProvider.Server.Endpoints;

/// <summary>Both well-known addresses of the metadata: RFC 8414 §3, OIDC Discovery §4.</summary>
internal sealed class MetadataEndpoint(ServerMetadataDocument metadata)
{
    private PublicDocument? _document;

    public Task HandleAsync(HttpContext context)
    {
        var bytes = metadata.Current;
        var document = _document;
        if (document is null || !document.Body.Equals(bytes))
        {
            document = new PublicDocument
            {
                Body = bytes,
                ContentType = "application/json",
                ETag = PublicDocument.ETagOf(bytes.Span),
                CacheControl = "public, max-age=300",
            };
            _document = document;
        }

        return ProtocolResults.WriteDocumentAsync(context, document);
    }
}
