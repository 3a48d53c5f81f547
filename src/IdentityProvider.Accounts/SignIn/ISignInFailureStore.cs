namespace IdentityProvider.Accounts.SignIn;

/// <summary>
/// Counts wrong passwords for each account. A statement of its own and not the save of an entity: guesses that come at once are all
/// counted. <see cref="IAccountStateStore.RecordSignInAsync"/> sets the count back.
/// </summary>
public interface ISignInFailureStore
{
    /// <summary>
    /// Adds one to the account's failures in a row, and pauses it (<c>LockoutEnd</c>) as the rule says for the number reached. One
    /// statement; nothing happens when there is no such account.
    /// </summary>
    Task CountAsync(string accountId, PauseRule rule, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>How long an account pauses after failures in a row.</summary>
/// <param name="After">The failure that brings the first pause.</param>
/// <param name="First">Length of the first pause; each further failure doubles it. Whole seconds.</param>
/// <param name="Longest">The longest pause. Whole seconds.</param>
public sealed record PauseRule(int After, TimeSpan First, TimeSpan Longest);
