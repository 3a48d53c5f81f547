using IdentityProvider.ResourceServer.Jose;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>
/// The issuer's public keys: found through its metadata, cached as long as <c>Cache-Control: max-age</c> says,
/// fetched again when a token names a key we do not know, but never more often than the options allow.
/// </summary>
internal sealed class IssuerKeys
{
    private static readonly TimeSpan DefaultFreshness = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortestFreshness = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestFreshness = TimeSpan.FromHours(24);

    private readonly ResourceServerOptions _options;
    private readonly IssuerClient _client;
    private readonly ILogger _logger;
    private readonly CachedDocument<IssuerMetadata> _metadata;
    private readonly CachedDocument<JsonWebKeySet> _keys;

    public IssuerKeys(ResourceServerOptions options, IssuerClient client, TimeProvider time, ILogger logger)
    {
        _options = options;
        _client = client;
        _logger = logger;
        _metadata = new CachedDocument<IssuerMetadata>(
            FetchMetadataAsync, time, exception => Log.MetadataFailed(logger, options.Authority, exception));
        _keys = new CachedDocument<JsonWebKeySet>(
            FetchKeysAsync, time, exception => Log.KeysFailed(logger, options.Authority, exception));
    }

    public async ValueTask<KeyLookup> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        var (keys, overdue) = await _keys.GetAsync(cancellationToken);
        if (keys is null || overdue > _options.StaleKeyLifetime)
        {
            return new KeyLookup.Unavailable();
        }

        if (keys.Find(keyId) is { } known)
        {
            return new KeyLookup.Found(known);
        }

        if (await _keys.TryRefreshAsync(_options.UnknownKeyRefreshInterval, cancellationToken))
        {
            (keys, _) = await _keys.GetAsync(cancellationToken);
        }

        return keys?.Find(keyId) is { } fresh ? new KeyLookup.Found(fresh) : new KeyLookup.Unknown();
    }

    private async Task<Fetched<IssuerMetadata>> FetchMetadataAsync(
        IssuerMetadata? previous, CancellationToken cancellationToken)
    {
        var answer = await _client.GetAsync(
            IssuerUri.MetadataOf(_options.Authority),
            "application/json",
            _options.MaximumDocumentSize,
            entityTag: null,
            cancellationToken);
        return new Fetched<IssuerMetadata>(
            IssuerMetadata.Parse(answer.Body, _options.Authority), Freshness(answer.MaximumAge));
    }

    private async Task<Fetched<JsonWebKeySet>> FetchKeysAsync(JsonWebKeySet? previous, CancellationToken cancellationToken)
    {
        var (metadata, _) = await _metadata.GetAsync(cancellationToken);
        if (metadata is null)
        {
            throw new InvalidDataException("The issuer's metadata is not known.");
        }

        var answer = await _client.GetAsync(
            metadata.JwksUri,
            "application/json",
            _options.MaximumDocumentSize,
            entityTag: null,
            cancellationToken);
        var keys = JsonWebKeySet.Parse(answer.Body);
        var freshness = Freshness(answer.MaximumAge);
        Log.KeysFetched(_logger, _options.Authority, keys.Count, freshness);
        return new Fetched<JsonWebKeySet>(keys, freshness);
    }

    private static TimeSpan Freshness(TimeSpan? maximumAge)
    {
        var freshness = maximumAge ?? DefaultFreshness;
        return freshness < ShortestFreshness ? ShortestFreshness
            : freshness > LongestFreshness ? LongestFreshness
            : freshness;
    }
}
