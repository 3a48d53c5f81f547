using IdentityProvider.Accounts.Changes;
using IdentityProvider.Protocol.Audit;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>
/// How many guesses an account takes: after <see cref="AccountsOptions.FailuresBeforePause"/> wrong passwords in a row it pauses, twice as
/// long each time, and at 100 it stays closed (NIST SP 800-63B-4 §3.2.2). Kept in the database, so it holds over all nodes.
/// </summary>
public sealed class SignInFailures(
    ISignInFailureStore store, IAccountStateStore accounts, ChangeRecords records, TimeProvider clock, IOptions<AccountsOptions> options)
{
    private const int MostInARow = 100;

    /// <summary>No account has this id; counting for it costs the same statement.</summary>
    private const string NoAccount = "-";

    private readonly PauseRule _rule = new(options.Value.FailuresBeforePause, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1));

    /// <summary>Whether no password is taken at present.</summary>
    public bool IsPausing(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return account.AccessFailedCount >= MostInARow || account.LockoutEnd > clock.GetUtcNow();
    }

    /// <summary>As <see cref="IsPausing"/>; a browser the person has used before is not kept out by what strangers guess, short of the very end.</summary>
    public bool IsPausingFor(Account account, bool isKnownDevice) =>
        IsPausing(account) && (!isKnownDevice || account.AccessFailedCount >= MostInARow);

    /// <summary>Counts a failed sign-in, and writes it down. During a pause nothing is counted: nothing was learned either.</summary>
    /// <param name="account">Null when there is none.</param>
    /// <param name="passwordWasRight">Then the account is disabled or pauses, and nobody guessed.</param>
    /// <param name="remoteAddress">From where.</param>
    /// <param name="reason">One line for the operator.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task CountAsync(Account? account, bool passwordWasRight, string? remoteAddress, string reason, CancellationToken cancellationToken)
    {
        var isGuess = account is not null && !passwordWasRight && !IsPausing(account);
        return store.CountAsync(
            isGuess ? account!.Id : NoAccount, _rule, records.NoteFailure(account, remoteAddress, reason), cancellationToken);
    }

    /// <summary>Writes down a failed sign-in by which no password was guessed.</summary>
    /// <param name="subject">The account's id; null when it is not known.</param>
    /// <param name="remoteAddress">From where.</param>
    /// <param name="reason">One line for the operator.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task NoteAsync(string? subject, string? remoteAddress, string reason, CancellationToken cancellationToken) =>
        records.AddAsync(records.Note(AuditEventTypes.SignInFailed, subject, remoteAddress, reason), cancellationToken);

    /// <summary>Its person has proved who they are: the failures are over, and the time is noted.</summary>
    public Task EndAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return accounts.RecordSignInAsync(account.Id, clock.GetUtcNow(), cancellationToken);
    }
}
