using System.Collections.Concurrent;
using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// Stops who guesses client secrets (RFC 6749 §2.3.1: "the authorization server MUST protect any endpoint utilizing it against brute force
/// attacks"). Only wrong secrets are counted, by client id and address together, so nobody keeps a client out from elsewhere, and in two places:
/// here, before anybody waits, so that guesses at the same time are all counted; and in the database for all nodes together, as long as there
/// are some left. Who guessed too often is refused from memory alone. A right secret costs no statement.
/// </summary>
/// <remarks>Signed assertions and certificates are not counted: nobody guesses a key.</remarks>
public sealed class ClientAuthenticationLimits(AttemptGate gate, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>Counters kept here; beyond that the oldest knowledge goes, and the database tells again.</summary>
    private const int MostKept = 10_000;

    private readonly ConcurrentDictionary<string, Counter> _counters = new(StringComparer.Ordinal);
    private readonly ClientAuthenticationOptions _options = options.Value.ClientAuthentication;

    private AttemptLimit ForAddress => new("client-secret:address", _options.FailuresPerAddress, _options.Window);

    private AttemptLimit ForClient => new("client-secret:client", _options.Failures, _options.Window);

    /// <summary>When to come back; null when a secret may be compared.</summary>
    /// <param name="clientId">As presented, whether there is such a client or not.</param>
    /// <param name="remoteAddress">Of the request.</param>
    public TimeSpan? FindPause(string clientId, string? remoteAddress)
    {
        if (_counters.IsEmpty)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        foreach (var (limit, value) in CountersOf(clientId, remoteAddress))
        {
            if (_counters.TryGetValue(NameOf(limit, value, now), out var counter) && counter.Failures >= limit.Most)
            {
                return counter.EndsAt - now;
            }
        }

        return null;
    }

    /// <summary>A secret was wrong.</summary>
    /// <returns>When to come back, where that was one too many; else null.</returns>
    public async Task<TimeSpan?> CountAsync(string clientId, string? remoteAddress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var counters = CountersOf(clientId, remoteAddress);
        foreach (var (limit, value) in counters)
        {
            if (Count(limit, value, now, 1) > limit.Most)
            {
                return limit.EndOf(now) - now;
            }
        }

        var attempt = await gate.TryEnterAsync(counters, cancellationToken);
        if (attempt.Refusal is not { } refusal)
        {
            return null;
        }

        // Other nodes have counted the rest.
        Count(refusal, counters.First(counter => counter.Limit == refusal).Value, now, refusal.Most);
        return attempt.RetryAfter;
    }

    private (AttemptLimit Limit, string Value)[] CountersOf(string clientId, string? remoteAddress)
    {
        var address = ClientAddress.CountedAs(remoteAddress);
        return [(ForAddress, address), (ForClient, $"{address} {clientId}")];
    }

    private int Count(AttemptLimit limit, string value, DateTimeOffset now, int failures)
    {
        if (_counters.Count >= MostKept)
        {
            Forget(now);
        }

        return _counters.AddOrUpdate(
            NameOf(limit, value, now),
            static (_, added) => new Counter(added.failures, added.EndsAt),
            static (_, known, added) => known with { Failures = (int)Math.Min((long)known.Failures + added.failures, int.MaxValue) },
            (failures, EndsAt: limit.EndOf(now))).Failures;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (var (name, counter) in _counters)
        {
            if (counter.EndsAt <= now)
            {
                _counters.TryRemove(name, out _);
            }
        }

        if (_counters.Count >= MostKept)
        {
            _counters.Clear();
        }
    }

    /// <summary>With the window in it: the next one begins anew.</summary>
    private static string NameOf(AttemptLimit limit, string value, DateTimeOffset now) => Convert.ToBase64String(limit.KeyOf(value, now).Span);

    private sealed record Counter(int Failures, DateTimeOffset EndsAt);
}
