using System.Collections.Concurrent;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Server.Logos;

/// <summary>
/// Logos of clients, fetched by us and shown from our own origin, so that nobody else learns who signs in and nothing but a checked picture
/// reaches the page. Kept in this process: at most 256 of 64 kB. Only addresses that stand in the catalog are fetched, four at a time.
/// </summary>
internal sealed class ClientLogos(IClientDocumentFetcher fetcher, TimeProvider clock) : IDisposable
{
    public const string LanguageParameter = "lang";

    private const int MaxEntries = 256;
    private const int FetchesAtOnce = 4;

    private static readonly TimeSpan KeptFor = TimeSpan.FromDays(1);

    /// <summary>An address that gave no picture is left alone for so long.</summary>
    private static readonly TimeSpan FailureKeptFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _fetching = new(FetchesAtOnce, FetchesAtOnce);

    /// <summary>Where the client says its logo is, for people of a language; null when it names none.</summary>
    public static string? AddressOf(Client client, string language) =>
        LocalizedText.Find(client.LocalizedTexts, "logo_uri", language) ?? client.LogoUri;

    /// <summary>
    /// The path of a logo that is there, under the application's root. Null when there is none, or not yet: no page waits for other people's
    /// servers, so the first one that wants a logo begins its fetch and the next one shows it.
    /// </summary>
    public string? FindPath(Client client, string language)
    {
        if (AddressOf(client, language) is not { } address)
        {
            return null;
        }

        var fetch = GetAsync(address);
        return fetch is { IsCompletedSuccessfully: true, Result: not null }
            ? $"{EndpointPaths.ClientLogos}/{Uri.EscapeDataString(client.ClientId)}?{LanguageParameter}={Uri.EscapeDataString(language)}"
            : null;
    }

    /// <summary>Begins to fetch what pages will want to show.</summary>
    public void Prepare(Client client)
    {
        foreach (var address in client.LocalizedTexts.Where(text => text.Member is "logo_uri").Select(text => text.Value).Append(client.LogoUri))
        {
            if (address is not null)
            {
                _ = GetAsync(address);
            }
        }
    }

    /// <summary>The picture, or null when there is none to be had. Never fails.</summary>
    public Task<RasterImage?> GetAsync(string address)
    {
        var now = clock.GetUtcNow();
        if (_entries.TryGetValue(address, out var known) && known.IsFreshAt(now))
        {
            return known.Image;
        }

        if (_entries.Count >= MaxEntries)
        {
            DropOldest();
        }

        var fresh = new Entry(now, new Lazy<Task<RasterImage?>>(() => FetchAsync(address)));
        return (known is null ? _entries.GetOrAdd(address, fresh) : _entries.TryUpdate(address, fresh, known) ? fresh : _entries.GetValueOrDefault(address, fresh)).Image;
    }

    public void Dispose() => _fetching.Dispose();

    private async Task<RasterImage?> FetchAsync(string address)
    {
        await _fetching.WaitAsync();
        try
        {
            return await fetcher.FetchAsync(address, CancellationToken.None) is { } octets ? RasterImage.Find(octets) : null;
        }
        finally
        {
            _fetching.Release();
        }
    }

    private void DropOldest()
    {
        foreach (var (address, _) in _entries.OrderBy(entry => entry.Value.At).Take(MaxEntries / 8).ToList())
        {
            _entries.TryRemove(address, out _);
        }
    }

    private sealed class Entry(DateTimeOffset at, Lazy<Task<RasterImage?>> image)
    {
        public DateTimeOffset At => at;

        public Task<RasterImage?> Image => image.Value;

        public bool IsFreshAt(DateTimeOffset now) =>
            now - at < (image.Value is { IsCompletedSuccessfully: true, Result: null } ? FailureKeptFor : KeptFor);
    }
}
