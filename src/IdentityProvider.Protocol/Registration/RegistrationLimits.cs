using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Registration;

/// <summary>How much strangers may register: RFC 7591 §3 ("MAY be rate-limited"), §5.</summary>
public sealed class RegistrationLimits(
    AttemptGate gate, IClientRegistrationStore registrations, IOptions<ProtocolOptions> options)
{
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Null when one more may be registered. Counted before anything is looked at, so that refused ones count too.</summary>
    /// <param name="remoteAddress">Whose attempt; null when a token allows it and nobody counts.</param>
    /// <param name="countsAddress">False when a token allows it.</param>
    /// <param name="cancellationToken">Cancels the wait, not the count.</param>
    internal async Task<RegistrationOutcome.Limited?> FindReachedAsync(string? remoteAddress, bool countsAddress, CancellationToken cancellationToken)
    {
        var settings = options.Value.Registration;
        if (countsAddress)
        {
            var limit = new AttemptLimit("registration:address", settings.RegistrationsPerHour, Window);
            var attempt = await gate.TryEnterAsync([(limit, ClientAddress.CountedAs(remoteAddress))], cancellationToken);
            if (attempt.Refusal is not null)
            {
                return new RegistrationOutcome.Limited("registrations_per_hour", attempt.RetryAfter);
            }
        }

        // Some at the same moment may pass together; the figure guards memory, and memory does not mind a few.
        return await registrations.CountAsync(cancellationToken) < settings.MaxClients
            ? null
            : new RegistrationOutcome.Limited("max_clients", Window);
    }
}
