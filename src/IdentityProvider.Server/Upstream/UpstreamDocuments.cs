using System.Collections.Concurrent;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Server.Outbound;

namespace IdentityProvider.Server.Upstream;

/// <summary>Metadata and keys of the providers, cached in this process, fetched as carefully as what strangers name.</summary>
internal sealed class UpstreamDocuments(
    IClientDocumentFetcher fetcher, OutboundHttp http, TimeProvider clock, ILogger<UpstreamDocuments> logger)
{
    private static readonly TimeSpan MetadataTime = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeysTime = TimeSpan.FromMinutes(10);
    private static readonly JsonWebKeySet NoKeys = new([]);

    private readonly ConcurrentDictionary<string, CachedFetch<UpstreamMetadata?>> _metadata = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, CachedFetch<JsonWebKeySet>> _keys = new(StringComparer.Ordinal);

    /// <summary>Null while it cannot be had or is not right. After a failure the next attempt may be made a minute later.</summary>
    public async Task<UpstreamMetadata?> FindMetadataAsync(UpstreamProvider provider, CancellationToken cancellationToken)
    {
        var entry = _metadata.GetOrAdd(provider.Id, static _ => new CachedFetch<UpstreamMetadata?>(initial: null, MetadataTime));
        Task<UpstreamMetadata?> GetAsync(bool refresh) => entry.GetAsync(() => FetchMetadataAsync(provider), refresh, clock.GetUtcNow());
        return await GetAsync(refresh: false).WaitAsync(cancellationToken) ?? await GetAsync(refresh: true).WaitAsync(cancellationToken);
    }

    /// <summary>Reads an ID token with the provider's keys. A key we do not know may be new there: then they are fetched once more.</summary>
    public async Task<JwtReadResult> ReadAsync(
        UpstreamMetadata metadata, string token, JwtReadRules rules, CancellationToken cancellationToken)
    {
        var read = JwtReader.Read(token, await GetKeysAsync(metadata, refresh: false, cancellationToken), rules);
        return read.Refusal == JwtRefusal.UnknownKey
            ? JwtReader.Read(token, await GetKeysAsync(metadata, refresh: true, cancellationToken), rules)
            : read;
    }

    private Task<JsonWebKeySet> GetKeysAsync(UpstreamMetadata metadata, bool refresh, CancellationToken cancellationToken) =>
        _keys.GetOrAdd(metadata.JwksUri, static _ => new CachedFetch<JsonWebKeySet>(NoKeys, KeysTime))
            .GetAsync(() => FetchKeysAsync(metadata.JwksUri), refresh, clock.GetUtcNow())
            .WaitAsync(cancellationToken);

    private async Task<UpstreamMetadata?> FetchMetadataAsync(UpstreamProvider provider)
    {
        // Discovery §4.1: a slash at the end of the issuer is taken away first.
        var address = provider.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
        if (await fetcher.FetchAsync(address, CancellationToken.None) is not { } document)
        {
            return null;
        }

        if (UpstreamMetadata.TryRead(document, provider, http.IsAllowed, out var metadata, out var reason))
        {
            return metadata;
        }

        Log.UpstreamMetadataRefused(logger, provider.Id, reason);
        return null;
    }

    private async Task<JsonWebKeySet?> FetchKeysAsync(string address) =>
        await fetcher.FetchAsync(address, CancellationToken.None) is { } document
        && JsonWebKeySet.TryParse(document, strict: false, out var keys, out _) ? keys : null;
}
