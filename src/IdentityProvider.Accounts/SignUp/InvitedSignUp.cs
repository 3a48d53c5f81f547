using IdentityProvider.Accounts.Passwords;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>Creates the account of who was invited. The link came by mail, so the address is proved.</summary>
public sealed class InvitedSignUp(
    Invitations invitations, AccountCreation creation, NewPasswords rules, PasswordHashingQueue hashing, TimeProvider clock)
{
    /// <summary>The invitation; null when the link does not work, or its address has an account by now.</summary>
    public async Task<Invitation?> FindAsync(string? token) =>
        invitations.Open(token) is { } invitation && !await creation.IsTakenAsync(invitation.Email) ? invitation : null;

    /// <param name="token">Of the link.</param>
    /// <param name="name">What to call the person; may be empty.</param>
    /// <param name="password">As typed.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Gives up while waiting for a worker.</param>
    public async Task<SignUpOutcome> AcceptAsync(
        string? token, string name, string password, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (await FindAsync(token) is not { } invitation)
        {
            return new SignUpOutcome.DeadLink();
        }

        var cleanName = name.Trim();
        var problems = await AccountSignUp.FindProblemsAsync(rules, cleanName, invitation.Email, password, cancellationToken);
        if (problems.Any)
        {
            return new SignUpOutcome.Refused(problems);
        }

        var account = Account.Create(invitation.Email, invitation.Email, clock.GetUtcNow());
        if (await hashing.HashAsync(account, password, cancellationToken) is not { } hash)
        {
            return new SignUpOutcome.Busy();
        }

        if (!await invitations.TryUseAsync(invitation, cancellationToken))
        {
            return new SignUpOutcome.DeadLink();
        }

        var draft = new SignUpDraft
        {
            AccountId = account.Id,
            Email = invitation.Email,
            Name = cleanName,
            PasswordHash = hash,
            At = account.CreatedAt,
            RemoteAddress = remoteAddress,
        };
        return await creation.TryCreateAsync(draft, emailConfirmed: true, cancellationToken) is { } created
            ? new SignUpOutcome.Created(created)
            : new SignUpOutcome.DeadLink();
    }
}
