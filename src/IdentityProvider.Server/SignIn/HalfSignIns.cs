using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Half sign-ins: begun by a first proof, kept in the browser, opened by the pages that ask for the rest. The cookie says what was proved; what a
/// copy of it could do twice is kept with us: that it ended in a session, and how many codes were guessed.
/// </summary>
internal sealed class HalfSignIns(
    SignInProgressCookie cookie, BrowserSession sessions, UserManager<Account> users, IUsedJtiStore used, IAttemptStore attempts, TimeProvider clock)
{
    /// <summary>Names apart what is used once.</summary>
    private const string UsedAs = "half sign-in";

    private static readonly AttemptLimit Guesses = new("half-sign-in:guess", 5, SignInProgress.Lifetime);

    public SignInProgress Begin(Account account, SignInPlace place, IReadOnlyList<Proof> proofs)
    {
        var now = clock.GetUtcNow();
        return new SignInProgress
        {
            Id = Guid.CreateVersion7(now),
            AccountId = account.Id,
            Proofs = proofs,
            StartedAt = now,
            Place = place.Name,
            Stamp = SignInProgressCookie.StampOf(account),
        };
    }

    public void Keep(HttpContext context, SignInPlace place, SignInProgress progress) => cookie.Write(context, place, progress);

    public void Forget(HttpContext context, SignInPlace place) => cookie.Delete(context, place);

    /// <summary>
    /// What this browser has proved for the place. Null when there is nothing: forged, too old, of another place, overtaken by a change of the
    /// account, or of a session that has ended since.
    /// </summary>
    public async Task<(Account Account, SignInProgress Progress)?> FindAsync(HttpContext context, SignInPlace place)
    {
        if (cookie.Read(context, place) is not { } progress
            || await users.FindByIdAsync(progress.AccountId) is not { Disabled: false } account
            || !string.Equals(progress.Stamp, SignInProgressCookie.StampOf(account), StringComparison.Ordinal))
        {
            return null;
        }

        return progress.SessionId is { } id && (await sessions.ReadAsync(context, context.RequestAborted))?.Id != id
            ? null
            : (account, progress);
    }

    /// <summary>It becomes a session: at most one caller in the cluster is told true. One write.</summary>
    public Task<bool> TryEndAsync(SignInProgress progress, CancellationToken cancellationToken) =>
        used.TryUseAsync(UsedAs, progress.Id.ToString("N"), progress.StartedAt + SignInProgress.Lifetime, cancellationToken);

    /// <summary>A code is about to be compared: false when five were. One counter for as long as the half sign-in can live, and one write.</summary>
    public async Task<bool> TryGuessAsync(SignInProgress progress, CancellationToken cancellationToken)
    {
        var counter = Guesses.CounterOf(progress.Id.ToString("N"), progress.StartedAt) with
        {
            StartsAt = progress.StartedAt,
            EndsAt = progress.StartedAt + SignInProgress.Lifetime,
        };
        return await attempts.TryCountAsync(counter, cancellationToken) is not null;
    }
}

/// <summary>A half sign-in that may go on.</summary>
/// <param name="Account">Who.</param>
/// <param name="Progress">What was proved.</param>
/// <param name="Step">What is missing.</param>
internal sealed record HalfSignIn(Account Account, SignInProgress Progress, SignInStep Step);
