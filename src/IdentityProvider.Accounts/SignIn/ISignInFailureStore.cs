using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>
/// Counts wrong passwords for each account. A statement of its own and not the save of an entity: guesses that come at once are all
/// counted. <see cref="IAccountStateStore.RecordSignInAsync"/> sets the count back.
/// </summary>
public interface ISignInFailureStore
{
    /// <summary>
    /// Adds one to the account's failures in a row, and pauses it (<c>LockoutEnd</c>) as the rule says for the number reached; nothing is counted when
    /// there is no such account. In the same transaction the event of the record is written, and its mails if this is the failure that brings the
    /// first pause: of any number of failures at once exactly one is.
    /// </summary>
    Task CountAsync(string accountId, PauseRule rule, ChangeRecord record, CancellationToken cancellationToken);
}

/// <summary>How long an account pauses after failures in a row.</summary>
/// <param name="After">The failure that brings the first pause.</param>
/// <param name="First">Length of the first pause; each further failure doubles it. Whole seconds.</param>
/// <param name="Longest">The longest pause. Whole seconds.</param>
public sealed record PauseRule(int After, TimeSpan First, TimeSpan Longest);
