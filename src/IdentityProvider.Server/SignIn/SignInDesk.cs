using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Where every proof ends, and the only one that begins sessions: it asks <see cref="SignInPolicy"/> what is missing, and only when nothing is
/// there is a session. Pages prove one thing each and go where the desk sends them, so no order of requests skips a factor.
/// </summary>
internal sealed class SignInDesk(
    SignInPolicy policy,
    EnrolledFactors factors,
    SignInProgressCookie cookie,
    KnownDevices devices,
    BrowserSession sessions,
    SignInReturn addresses,
    FreshSignIn freshness,
    UserManager<Account> users,
    LanguageCookie language,
    TimeProvider clock)
{
    /// <summary>A first proof. What was proved before for this place is forgotten.</summary>
    /// <param name="context">The request; its answer gets cookies.</param>
    /// <param name="account">Who has proved it: enabled.</param>
    /// <param name="proof">By a method that is offered and that the client takes.</param>
    /// <param name="place">For what.</param>
    /// <param name="remember">"Keep me signed in".</param>
    /// <returns>Where the person goes on to, for a 303.</returns>
    public Task<string> ProvedAsync(HttpContext context, Account account, Proof proof, SignInPlace place, bool remember)
    {
        if (!place.Takes(proof.Method))
        {
            throw new InvalidOperationException("a proof by a method that the client does not take");
        }

        return GoOnAsync(context, account, place, Begin(account, place, [proof]) with { Remember = remember }, new GoingOn());
    }

    /// <summary>A further proof, after <see cref="OpenAsync"/>.</summary>
    /// <param name="context">The request; its answer gets cookies.</param>
    /// <param name="half">As opened in this request.</param>
    /// <param name="proof">What was proved just now.</param>
    /// <param name="place">For what.</param>
    /// <param name="trustDevice">Do not ask for the second factor in this browser for a time.</param>
    public Task<string> ProvedAsync(HttpContext context, HalfSignIn half, Proof proof, SignInPlace place, bool trustDevice) =>
        GoOnAsync(
            context,
            half.Account,
            place,
            half.Progress with { Proofs = [.. half.Progress.Proofs, proof] },
            new GoingOn { TrustDevice = trustDevice });

    /// <summary>The person does not go up to the level that the request asks for. Where their account needs it anyway, it is asked again.</summary>
    public Task<string> DeclinedAsync(HttpContext context, HalfSignIn half, SignInPlace place) =>
        GoOnAsync(context, half.Account, place, half.Progress, new GoingOn { Declined = true });

    /// <summary>Who is signed in already, but not to the level asked for: only the rest has to be proved.</summary>
    public async Task<string> StepUpAsync(HttpContext context, Session session, SignInPlace place)
    {
        if (await users.FindByIdAsync(session.Subject) is not { Disabled: false } account)
        {
            return place.AddressOf(EndpointPaths.SignIn);
        }

        var progress = Begin(account, place, Proof.OfSession(session)) with { SessionId = session.Id, Remember = session.IsPersistent };
        if (!freshness.IsFresh(session) && await NextAsync(context, account, place, progress, new GoingOn()) is SignInStep.SetUp)
        {
            // Whoever holds a session only must not set up a factor of their own.
            return $"{place.AddressOf(EndpointPaths.SignIn)}&{PageParameters.Fresh}=true";
        }

        return await GoOnAsync(context, account, place, progress, new GoingOn());
    }

    /// <summary>
    /// The half sign-in of this browser for the place, and what it is waiting for. Null when there is none: forged, too old, of another place,
    /// overtaken by a change of the account, or of a session that has ended since.
    /// </summary>
    public async Task<HalfSignIn?> OpenAsync(HttpContext context, SignInPlace place)
    {
        if (cookie.Read(context, place) is not { } progress
            || await users.FindByIdAsync(progress.AccountId) is not { Disabled: false } account
            || !string.Equals(progress.Stamp, SignInProgressCookie.StampOf(account), StringComparison.Ordinal))
        {
            return null;
        }

        if (progress.SessionId is { } id && (await sessions.ReadAsync(context, context.RequestAborted))?.Id != id)
        {
            return null;
        }

        return new HalfSignIn(account, progress, await NextAsync(context, account, place, progress, new GoingOn()));
    }

    /// <summary>A new session with what the old one rested on, after all of the account were ended for its own safety.</summary>
    public Task RenewAsync(HttpContext context, Session old) =>
        sessions.SignInAsync(
            context, old.Subject, new SessionEvidence(old.Methods, old.Amr, old.Acr, old.AuthTime), old.IsPersistent, context.RequestAborted);

    private async Task<string> GoOnAsync(HttpContext context, Account account, SignInPlace place, SignInProgress progress, GoingOn how)
    {
        switch (await NextAsync(context, account, place, progress, how))
        {
            case SignInStep.Complete(var unreachable):
                await CompleteAsync(context, account, place, progress, how);
                return addresses.Of(place, unreachable || how.Declined);
            case SignInStep.SecondFactor(var choices, _):
                cookie.Write(context, place, progress);
                return place.AddressOf(addresses.PageOf(choices[0]));
            case SignInStep.SetUp:
                cookie.Write(context, place, progress);
                return place.AddressOf(EndpointPaths.SetUpSecondFactor);
            default:
                cookie.Delete(context, place);
                return place.AddressOf(EndpointPaths.SignIn);
        }
    }

    private async Task<SignInStep> NextAsync(HttpContext context, Account account, SignInPlace place, SignInProgress progress, GoingOn how) =>
        policy.Next(new SignInState
        {
            Account = account,
            Proofs = progress.Proofs,
            Factors = await factors.ListAsync(account, context.RequestAborted),
            Demand = place.Demand,
            Declined = how.Declined,
            IsTrustedDevice = place.Flow?.Request.Prompts(Protocol.Authorization.PromptValues.Login) != true
                && await devices.IsTrustedAsync(context, account, context.RequestAborted),
        });

    private async Task CompleteAsync(HttpContext context, Account account, SignInPlace place, SignInProgress progress, GoingOn how)
    {
        cookie.Delete(context, place);
        language.Set(context, account);
        var level = ProofRules.LevelOf(progress.Proofs);
        var old = progress.SessionId is null ? null : await sessions.ReadAsync(context, context.RequestAborted);

        // Raised and not begun anew: the first proof is as old as it was.
        var evidence = new SessionEvidence(
            [.. progress.Proofs.Select(proof => proof.Method).Distinct(StringComparer.Ordinal)],
            ProofRules.AmrOf(progress.Proofs),
            AcrValues.Of(level),
            old?.AuthTime ?? clock.GetUtcNow());
        await devices.RememberAsync(context, account, how.TrustDevice && level > 1, context.RequestAborted);
        await sessions.SignInAsync(context, account.Id, evidence, progress.Remember, context.RequestAborted);
    }

    private SignInProgress Begin(Account account, SignInPlace place, IReadOnlyList<Proof> proofs) => new()
    {
        AccountId = account.Id,
        Proofs = proofs,
        StartedAt = clock.GetUtcNow(),
        Place = place.Name,
        Stamp = SignInProgressCookie.StampOf(account),
    };

    private readonly record struct GoingOn(bool Declined, bool TrustDevice);
}

/// <summary>A half sign-in that may go on.</summary>
/// <param name="Account">Who.</param>
/// <param name="Progress">What was proved.</param>
/// <param name="Step">What is missing.</param>
internal sealed record HalfSignIn(Account Account, SignInProgress Progress, SignInStep Step);
