namespace IdentityProvider.Accounts.SignUp;

/// <summary>
/// Takes the wish for an account with a mail address, which is also the user name, and a password. Where the address must be proved first, the
/// answer comes by mail and is the same whether it is taken; where not, whoever has created one is signed in at once, so a taken address
/// cannot be hidden and is refused openly.
/// </summary>
public sealed class AccountSignUp(
    EmailRequirement requirement, SignUpDrafts drafts, PendingSignUps pending, AccountCreation creation, AccountLimits limits)
{
    /// <param name="name">What to call the person; may be empty.</param>
    /// <param name="email">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="remoteAddress">For the limit and the audit trail.</param>
    /// <param name="cancellationToken">Gives up while waiting for a worker.</param>
    public async Task<SignUpOutcome> SignUpAsync(
        string name, string email, string password, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(email);
        if (await limits.TryRegisterAsync(remoteAddress, cancellationToken) is { Refusal: not null, RetryAfter: var pause })
        {
            return new SignUpOutcome.TooMany(pause);
        }

        var (draft, refusal) = await drafts.TryMakeAsync(name, email, password, remoteAddress, cancellationToken);
        if (draft is null)
        {
            return refusal!;
        }

        if (requirement.IsOn)
        {
            await pending.QueueAsync(draft, cancellationToken);
            return new SignUpOutcome.AnsweredByMail();
        }

        return await creation.TryCreateAsync(draft, invitation: null, cancellationToken) is { } created
            ? new SignUpOutcome.Created(created)
            : new SignUpOutcome.Refused(new SignUpProblems { Email = EmailProblem.Taken });
    }
}
