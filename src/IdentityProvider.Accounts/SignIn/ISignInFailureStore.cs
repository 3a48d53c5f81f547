namespace IdentityProvider.Accounts.SignIn;

/// <summary>
/// Counts wrong passwords for each account. Statements of their own and not saves of an entity: guesses that come at once are all counted.
/// <see cref="IAccountStateStore.RecordSignInAsync"/> sets the count back.
/// </summary>
public interface ISignInFailureStore
{
    /// <summary>
    /// Adds one to the account's failures in a row and tells how many there are now; 0 when there is no such account. One statement.
    /// </summary>
    Task<int> CountAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>Sets until when the account takes no password (<c>LockoutEnd</c>); never shortens it. One statement.</summary>
    Task PauseAsync(string accountId, DateTimeOffset until, CancellationToken cancellationToken);
}
