namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// Fetches what stands at an address that a client named (<c>jwks_uri</c>, <c>request_uri</c>), safely: no redirects, limits on size and
/// time, no private addresses unless allowed.
/// </summary>
public interface IClientDocumentFetcher
{
    /// <summary>The document's bytes (at most 64 kB), or null when it could not be had; why is logged by the fetcher.</summary>
    Task<byte[]?> FetchAsync(string address, CancellationToken cancellationToken);
}
