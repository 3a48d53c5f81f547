using System.Text.Json;
using IdentityProvider.Accounts.Sms;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Server.Composition.Settings;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Sms;

/// <summary>Puts text messages into the outbox, sealed.</summary>
internal sealed class AccountSms(
    IOutboxStore outbox, ISealing sealing, IOptions<SmsOptions> options, ServerSettings settings, TimeProvider clock) : IAccountSms
{
    public bool IsAvailable { get; } = settings.IsDevelopment || options.Value.Transport != SmsTransport.None;

    public Task QueueAsync(SmsOrder order, CancellationToken cancellationToken)
    {
        if (!IsAvailable)
        {
            return Task.CompletedTask;
        }

        var now = clock.GetUtcNow();
        var message = new OutboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Kind = OutboxKinds.Sms,
            Payload = sealing.Seal(SealPurpose.Sms, JsonSerializer.SerializeToUtf8Bytes(order)),
            CreatedAt = now,
            NextAttemptAt = now,
        };
        return outbox.AddAsync(message, cancellationToken);
    }

    /// <summary>The order, or null when it is not ours, or sealed under a key that is gone.</summary>
    public SmsOrder? Open(OutboxMessage message) =>
        sealing.Open(SealPurpose.Sms, message.Payload ?? string.Empty) is { } json ? JsonSerializer.Deserialize<SmsOrder>(json) : null;
}
