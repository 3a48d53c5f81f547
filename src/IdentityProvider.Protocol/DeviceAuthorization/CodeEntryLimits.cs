using IdentityProvider.Protocol.Attempts;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>
/// How many wrong user codes are taken (RFC 8628 §5.1): 5 in 10 minutes from a person, in whatever session, 20 from an address, 500 from
/// everybody. An attempt is counted before the code is looked up, so that guesses at the same time are all counted, and taken back when
/// the code was right. In that order: who has no attempt left takes none away from others.
/// </summary>
public sealed class CodeEntryLimits(IAttemptStore attempts, TimeProvider clock)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Five guesses at one code of 34.5 bits succeed once in 2^32: the figure of RFC 8628 §5.1.</summary>
    public static AttemptLimit ForPerson { get; } = new("device-code:person", 5, Window);

    public static AttemptLimit ForAddress { get; } = new("device-code:address", 20, Window);

    public static AttemptLimit ForEverybody { get; } = new("device-code:everybody", 500, Window);

    /// <summary>Counts one attempt.</summary>
    public async Task<CodeEntry> TryEnterAsync(string subject, string? remoteAddress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var taken = new List<ReadOnlyMemory<byte>>();
        foreach (var (limit, value) in new[]
        {
            (ForPerson, subject),
            (ForAddress, ClientAddress.CountedAs(remoteAddress)),
            (ForEverybody, string.Empty),
        })
        {
            var key = limit.KeyOf(value, now);
            if (!await attempts.TryCountAsync(key, limit.Most, limit.EndOf(now), cancellationToken))
            {
                return new CodeEntry(limit, limit.EndOf(now) - now, taken);
            }

            taken.Add(key);
        }

        return new CodeEntry(Refusal: null, TimeSpan.Zero, taken);
    }

    /// <summary>The code was right: nobody guessed.</summary>
    public Task TakeBackAsync(CodeEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return attempts.TakeBackAsync(entry.Counted, cancellationToken);
    }
}

/// <summary>One attempt to enter a code.</summary>
/// <param name="Refusal">The limit that is reached; null when the code may be looked up.</param>
/// <param name="RetryAfter">When to come back.</param>
/// <param name="Counted">Counters that it was added to.</param>
public sealed record CodeEntry(AttemptLimit? Refusal, TimeSpan RetryAfter, IReadOnlyCollection<ReadOnlyMemory<byte>> Counted);
