namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// One document of somebody else, cached in this process. One fetch at a time, whoever waits for it; two fetches are never nearer to each other
/// than the least interval, whatever is asked; a fetch that fails leaves what was known before.
/// </summary>
/// <param name="initial">What counts before the first fetch has succeeded.</param>
/// <param name="cacheTime">After that it is fetched again before it is used.</param>
public sealed class CachedFetch<T>(T initial, TimeSpan cacheTime)
{
    /// <summary>Least time between two fetches.</summary>
    private static readonly TimeSpan FetchInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Task<T>? _current;
    private T _known = initial;
    private DateTimeOffset _fetchedAt;

    /// <param name="fetch">Fetches and reads it; null when it could not be had.</param>
    /// <param name="refresh">What is known does not have what is needed.</param>
    /// <param name="now">The time.</param>
    public Task<T> GetAsync(Func<Task<T?>> fetch, bool refresh, DateTimeOffset now)
    {
        lock (_lock)
        {
            var age = now - _fetchedAt;
            if (_current is null || (_current.IsCompleted && age >= (refresh ? FetchInterval : cacheTime)))
            {
                _fetchedAt = now;
                _current = FetchOrKeepAsync(fetch);
            }

            return _current;
        }
    }

    /// <summary>Whoever began it and whoever waits, the next one begins from what is known, even when this one throws.</summary>
    private async Task<T> FetchOrKeepAsync(Func<Task<T?>> fetch)
    {
        if (await fetch() is { } fetched)
        {
            _known = fetched;
        }

        return _known;
    }
}
