using IdentityProvider.Protocol.Attempts;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>
/// How many wrong user codes are taken (RFC 8628 §5.1): 5 in 10 minutes from a person, in whatever session, 20 from an address, 500 from
/// everybody. An attempt is counted before the code is looked up, so that guesses at the same time are all counted, and taken back when
/// the code was right. In that order: who has no attempt left takes none away from others.
/// </summary>
public sealed class CodeEntryLimits(AttemptGate gate)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    /// <summary>Five guesses at one code of 34.5 bits succeed once in 2^32: the figure of RFC 8628 §5.1.</summary>
    public static AttemptLimit ForPerson { get; } = new("device-code:person", 5, Window);

    public static AttemptLimit ForAddress { get; } = new("device-code:address", 20, Window);

    public static AttemptLimit ForEverybody { get; } = new("device-code:everybody", 500, Window);

    /// <summary>Counts one attempt, to be taken back when the code was right: then nobody guessed.</summary>
    public Task<OpenAttempt> TryBeginAsync(string subject, string? remoteAddress, CancellationToken cancellationToken) => gate.TryBeginAsync(
        [(ForPerson, subject), (ForAddress, ClientAddress.CountedAs(remoteAddress)), (ForEverybody, string.Empty)], cancellationToken);
}
