using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Upstream;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>Where new accounts begin.</summary>
public interface IAccountCreationStore
{
    /// <summary>
    /// Stores an account with all that begins with it, in one transaction. Of several at once for one user name, address, identity or invitation one
    /// makes it; the others change nothing.
    /// </summary>
    /// <param name="created">The account and what comes with it.</param>
    /// <param name="record">Written in the same transaction.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Whether it is stored. If not, somebody has the name, the address or the identity, or the invitation was used or taken back.</returns>
    Task<bool> TryCreateAsync(NewAccount created, ChangeRecord record, CancellationToken cancellationToken);
}

/// <summary>An account that there is not yet.</summary>
/// <param name="Account">With normalized names and a security stamp.</param>
public sealed record NewAccount(Account Account)
{
    /// <summary>By what its person signs in; null without one.</summary>
    public LinkedIdentity? Identity { get; init; }

    /// <summary>What is used up by it; null without one.</summary>
    public Invitation? Invitation { get; init; }
}
