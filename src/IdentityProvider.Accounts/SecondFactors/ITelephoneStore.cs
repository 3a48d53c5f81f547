using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// Telephones that codes are sent to, one for each account at most. Read by <see cref="TelephoneFactor"/>. Each verb is one durable transaction.
/// </summary>
public interface ITelephoneStore
{
    /// <summary>
    /// The number becomes the second factor and the confirmed number of the profile. False, and nothing is written, when the account has got another
    /// stamp since it was read, or is disabled or gone.
    /// </summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="number">E.164; proved.</param>
    /// <param name="stamp">The account's security stamp, as read and from now on.</param>
    /// <param name="record">Written with it.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TrySetAsync(string accountId, string number, StampRenewal stamp, ChangeRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the factor away and leaves the profile. False, and nothing is written, when there was none, or the account has got another stamp since it
    /// was read or is disabled.
    /// </summary>
    Task<bool> TryRemoveAsync(string accountId, StampRenewal stamp, ChangeRecord record, CancellationToken cancellationToken);
}
