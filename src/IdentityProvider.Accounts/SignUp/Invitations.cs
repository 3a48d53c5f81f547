using System.Text.Json;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>
/// Invitations of operators: sealed links of which nothing is stored until an account is made by one, or it is taken back: one insert, so it happens once.
/// </summary>
public sealed class Invitations(
    ISealing sealing, IUsedJtiStore spent, IAccountMail mail, TimeProvider clock, IOptions<AccountsOptions> options)
{
    /// <summary>Keeps what is used up apart from what others use up.</summary>
    public const string Purpose = "invitation";

    /// <summary>Whether there is anything to invite to.</summary>
    public bool AreOpen => options.Value.Registration != RegistrationMode.Closed;

    /// <summary>Whether they can be sent.</summary>
    public bool CanBeSent => mail.IsAvailable;

    /// <summary>Mails a link that works once, for <see cref="AccountsOptions.InvitationLifetime"/>.</summary>
    public async Task<Invitation> SendAsync(string email, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var invitation = new Invitation(Guid.CreateVersion7(now), email, now + options.Value.InvitationLifetime);
        var token = sealing.Seal(SealPurpose.Invitation, JsonSerializer.SerializeToUtf8Bytes(invitation));
        var order = new MailOrder(AccountMailKind.Invitation)
        {
            Address = email,
            Link = $"{EndpointPaths.Invitation}?{AccountLinks.Parameter}={token}",
            ExpiresAt = invitation.ExpiresAt,
        };
        await mail.QueueAsync(order, cancellationToken);
        return invitation;
    }

    /// <summary>Null when it is forged or too old, or registration was closed since. Looking spends nothing.</summary>
    public Invitation? Open(string? token)
    {
        if (!AreOpen || sealing.Open(SealPurpose.Invitation, token ?? string.Empty) is not { } json)
        {
            return null;
        }

        var invitation = JsonSerializer.Deserialize<Invitation>(json)!;
        return invitation.ExpiresAt > clock.GetUtcNow() ? invitation : null;
    }

    /// <summary>Takes it back. False when it was used or taken back before.</summary>
    public Task<bool> TryRevokeAsync(Guid id, CancellationToken cancellationToken) =>
        spent.TryUseAsync(Purpose, Invitation.NameOf(id), clock.GetUtcNow() + AccountsOptions.MaxInvitationLifetime, cancellationToken);
}

/// <summary>What an invitation says.</summary>
/// <param name="Id">For taking it back.</param>
/// <param name="Email">Whose account it makes; who has the link reads that mailbox.</param>
/// <param name="ExpiresAt">When it is void.</param>
public sealed record Invitation(Guid Id, string Email, DateTimeOffset ExpiresAt)
{
    /// <summary>By what it is known when it was used or taken back.</summary>
    public static string NameOf(Guid id) => id.ToString("N");
}
