using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// Public keys of clients: those registered by value (<c>jwks</c>), and those at <c>jwks_uri</c>, cached in this process. An unknown
/// <c>kid</c> makes us fetch again, at most once a minute and address; a fetch that fails leaves what was known before.
/// </summary>
public sealed class ClientKeys(IClientDocumentFetcher fetcher, TimeProvider clock)
{
    /// <summary>After that a set is fetched again before it is used, so that a key the client removed dies.</summary>
    private static readonly TimeSpan CacheTime = TimeSpan.FromMinutes(10);

    /// <summary>Addresses kept; beyond it the whole cache is dropped, which costs fetches and nothing else.</summary>
    private const int MaxEntries = 10_000;

    private static readonly JsonWebKeySet NoKeys = new([]);

    private readonly ConditionalWeakTable<Client, JsonWebKeySet> _registered = [];
    private readonly ConcurrentDictionary<string, CachedFetch<JsonWebKeySet>> _fetched = new(StringComparer.Ordinal);

    /// <param name="client">Has <c>jwks</c> or <c>jwks_uri</c>.</param>
    /// <param name="refresh">The keys known so far do not have the one that is needed.</param>
    /// <param name="cancellationToken">Cancels the wait; a fetch that others wait for goes on.</param>
    public async ValueTask<JsonWebKeySet> GetAsync(Client client, bool refresh, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.JwksUri is not { } uri)
        {
            return client.Jwks is null ? NoKeys : _registered.GetValue(client, static owner => Parse(Encoding.UTF8.GetBytes(owner.Jwks!)) ?? NoKeys);
        }

        if (_fetched.Count > MaxEntries)
        {
            _fetched.Clear();
        }

        var entry = _fetched.GetOrAdd(uri, static _ => new CachedFetch<JsonWebKeySet>(NoKeys, CacheTime));
        return await entry.GetAsync(() => FetchAsync(uri), refresh, clock.GetUtcNow()).WaitAsync(cancellationToken);
    }

    /// <summary>Reads a JWT that the client signed. A key we do not know may be new at <c>jwks_uri</c>: then it is fetched once more.</summary>
    internal async Task<JwtReadResult> ReadAsync(Client client, string token, JwtReadRules rules, CancellationToken cancellationToken)
    {
        var read = JwtReader.Read(token, await GetAsync(client, refresh: false, cancellationToken), rules);
        return read.Refusal == JwtRefusal.UnknownKey && client.JwksUri is not null
            ? JwtReader.Read(token, await GetAsync(client, refresh: true, cancellationToken), rules)
            : read;
    }

    private async Task<JsonWebKeySet?> FetchAsync(string uri) =>
        await fetcher.FetchAsync(uri, CancellationToken.None) is { } document ? Parse(document) : null;

    private static JsonWebKeySet? Parse(byte[] document) =>
        JsonWebKeySet.TryParse(document, strict: true, out var set, out _) ? set : null;
}
