using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Server.Mail;

/// <summary>Puts mail into the outbox, sealed.</summary>
internal sealed class AccountMail(IOutboxStore outbox, ISealing sealing, MailAvailability availability, TimeProvider clock) : IAccountMail
{
    private static readonly JsonSerializerOptions Json = new()
    {
        Converters = { new JsonStringEnumConverter() },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    public bool IsAvailable => availability.IsAvailable;

    public Task QueueAsync(MailOrder order, CancellationToken cancellationToken) =>
        Write(order) is { } message ? outbox.AddAsync(message, cancellationToken) : Task.CompletedTask;

    public OutboxMessage? Write(MailOrder order)
    {
        if (!IsAvailable)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        return new OutboxMessage
        {
            Id = Guid.CreateVersion7(now),
            Kind = order.Kind.IsNotice() ? OutboxKinds.Notice : OutboxKinds.Mail,
            Subject = order.AccountId,
            Payload = sealing.Seal(SealPurpose.Mail, JsonSerializer.SerializeToUtf8Bytes(order, Json)),
            CreatedAt = now,
            NextAttemptAt = now,
        };
    }

    /// <summary>The order, or null when it is not ours, or sealed under a key that is gone.</summary>
    public MailOrder? Open(OutboxMessage message) =>
        sealing.Open(SealPurpose.Mail, message.Payload ?? string.Empty) is { } json ? JsonSerializer.Deserialize<MailOrder>(json, Json) : null;
}
