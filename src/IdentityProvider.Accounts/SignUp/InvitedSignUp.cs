namespace IdentityProvider.Accounts.SignUp;

/// <summary>Creates the account of who was invited. The link came by mail, so the address is proved.</summary>
public sealed class InvitedSignUp(Invitations invitations, SignUpDrafts drafts, AccountCreation creation)
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

        var (draft, refusal) = await drafts.TryMakeAsync(name, invitation.Email, password, remoteAddress, cancellationToken);
        if (draft is null)
        {
            return refusal!;
        }

        return await creation.TryCreateAsync(draft, invitation, cancellationToken) is { } created
            ? new SignUpOutcome.Created(created)
            : new SignUpOutcome.DeadLink();
    }
}
