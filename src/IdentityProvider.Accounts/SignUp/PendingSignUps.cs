using System.Text.Json;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>
/// Accounts that were asked for, as rows of the outbox: whether the address is taken is found out after the answer, so neither the answer nor its
/// time tells. The draft is sealed and taken away once it is done.
/// </summary>
public sealed class PendingSignUps(IOutboxStore outbox, ISealing sealing, IServiceScopeFactory scopes) : IOutboxHandler
{
    public string Kind => OutboxKinds.SignUp;

    /// <summary>One durable write, the same for every draft.</summary>
    public Task QueueAsync(SignUpDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var message = new OutboxMessage
        {
            Id = Guid.CreateVersion7(draft.At),
            Kind = Kind,
            Payload = sealing.Seal(SealPurpose.SignUp, JsonSerializer.SerializeToUtf8Bytes(draft)),
            CreatedAt = draft.At,
            NextAttemptAt = draft.At,
        };
        return outbox.AddAsync(message, cancellationToken);
    }

    public async Task<OutboxAttempt> AttemptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (sealing.Open(SealPurpose.SignUp, message.Payload ?? string.Empty) is not { } json)
        {
            return OutboxAttempt.GivenUp("it cannot be opened: the key it was sealed under is gone");
        }

        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountCreation>()
            .AnswerByMailAsync(JsonSerializer.Deserialize<SignUpDraft>(json)!, cancellationToken);
        return OutboxAttempt.Delivered;
    }
}
