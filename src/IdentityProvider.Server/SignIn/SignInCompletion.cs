using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Sessions;

namespace IdentityProvider.Server.SignIn;

/// <summary>For <see cref="SignInDesk"/> alone, when nothing is missing: the session, the known browser and the language that a sign-in leaves.</summary>
internal sealed class SignInCompletion(BrowserSession sessions, KnownDevices devices, LanguageCookie language, TimeProvider clock)
{
    /// <param name="context">The request; its answer gets cookies.</param>
    /// <param name="account">Who.</param>
    /// <param name="progress">What was proved.</param>
    /// <param name="trustDevice">Do not ask for the second factor in this browser for a time.</param>
    /// <returns>Null when the account has been deleted, disabled or changed since it was read: then nobody is signed in.</returns>
    public async Task<CompletedSignIn?> TryCompleteAsync(HttpContext context, Account account, SignInProgress progress, bool trustDevice)
    {
        language.Set(context, account);
        var level = ProofRules.LevelOf(progress.Proofs);
        var raised = progress.SessionId is null ? null : await sessions.ReadAsync(context, context.RequestAborted);
        if (raised is not null && AcrValues.LevelOf(raised.Acr) >= level)
        {
            // Nothing was proved that the session does not rest on already, perhaps by what another tab has added since.
            return new CompletedSignIn(Begun: null);
        }

        // Raised and not begun anew: the first proof is as old as it was.
        var evidence = new SessionEvidence(
            [.. progress.Proofs.Select(proof => proof.Method).Distinct(StringComparer.Ordinal)],
            ProofRules.AmrOf(progress.Proofs),
            AcrValues.Of(level),
            raised?.AuthTime ?? clock.GetUtcNow(),
            account.SecurityStamp ?? string.Empty);
        if (await sessions.TrySignInAsync(context, account.Id, evidence, progress.Remember, context.RequestAborted) is not { } session)
        {
            return null;
        }

        // After the session, for its person is told that a browser signed in. False when the account was deleted since; then the session has ended.
        return await devices.TryRememberAsync(context, account, trustDevice && level > 1, context.RequestAborted)
            ? new CompletedSignIn(raised is null ? session : null)
            : null;
    }

    /// <summary>A new session with what the old one rested on, after all of the account were ended for its own safety.</summary>
    public Task RenewAsync(HttpContext context, Session old, string stamp) =>
        sessions.TrySignInAsync(
            context, old.Subject, new SessionEvidence(old.Methods, old.Amr, old.Acr, old.AuthTime, stamp), old.IsPersistent, context.RequestAborted);
}

/// <summary>What a sign-in left.</summary>
/// <param name="Begun">The session, where it was signed in from the first proof on; null where one was only raised.</param>
internal sealed record CompletedSignIn(Session? Begun);
