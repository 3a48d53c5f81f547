using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Where every proof ends, and the only one that begins sessions: it asks <see cref="SignInSteps"/> what is missing, and only when nothing is
/// there is a session. Pages prove one thing each and go where the desk sends them, so no order of requests skips a factor.
/// </summary>
internal sealed class SignInDesk(
    SignInSteps steps, HalfSignIns halves, SignInCompletion completion, SignInReturn addresses, FreshSignIn freshness, UserManager<Account> users)
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

        return GoOnAsync(context, account, place, halves.Begin(account, place, [proof]) with { Remember = remember }, new GoingOn());
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
            new GoingOn { WasKept = true, TrustDevice = trustDevice });

    /// <summary>The person does not go up to the level that the request asks for. Where their account needs it anyway, it is asked again.</summary>
    public Task<string> DeclinedAsync(HttpContext context, HalfSignIn half, SignInPlace place) =>
        GoOnAsync(context, half.Account, place, half.Progress, new GoingOn { WasKept = true, Declined = true });

    /// <summary>
    /// A code that somebody typed is about to be compared. Null when it may be; otherwise the half sign-in has ended with its fifth wrong one, and
    /// this is where the person goes.
    /// </summary>
    public async Task<string?> TryGuessAsync(HttpContext context, HalfSignIn half, SignInPlace place)
    {
        if (await halves.TryGuessAsync(half.Progress, context.RequestAborted))
        {
            return null;
        }

        halves.Forget(context, place);
        return SignInReturn.EndedAddress(place, SignInEnding.TooManyCodes);
    }

    /// <summary>Who is signed in already, but not to the level asked for: only the rest has to be proved.</summary>
    public async Task<string> StepUpAsync(HttpContext context, Session session, SignInPlace place)
    {
        if (await users.FindByIdAsync(session.Subject) is not { Disabled: false } account)
        {
            return place.AddressOf(EndpointPaths.SignIn);
        }

        var progress = halves.Begin(account, place, Proof.OfSession(session)) with { SessionId = session.Id, Remember = session.IsPersistent };
        if (!freshness.IsFresh(session) && await steps.NextAsync(context, account, place, progress.Proofs) is SignInStep.SetUp)
        {
            // Whoever holds a session only must not set up a factor of their own.
            return place.BeginAgainAddress;
        }

        return await GoOnAsync(context, account, place, progress, new GoingOn());
    }

    /// <summary>
    /// The half sign-in of this browser for the place, and what it is waiting for. Null when there is none: forged, too old, of another place,
    /// overtaken by a change of the account, or of a session that has ended since.
    /// </summary>
    public async Task<HalfSignIn?> OpenAsync(HttpContext context, SignInPlace place) =>
        await halves.FindAsync(context, place) is var (account, progress)
            ? new HalfSignIn(account, progress, await steps.NextAsync(context, account, place, progress.Proofs))
            : null;

    /// <summary>A new session with what the old one rested on, after all of the account were ended for its own safety.</summary>
    /// <param name="context">The request; its answer gets cookies.</param>
    /// <param name="old">As it was.</param>
    /// <param name="stamp">The account's since then: none begins when it was changed again, or disabled.</param>
    public Task RenewAsync(HttpContext context, Session old, string stamp) => completion.RenewAsync(context, old, stamp);

    private async Task<string> GoOnAsync(HttpContext context, Account account, SignInPlace place, SignInProgress progress, GoingOn how)
    {
        switch (await steps.NextAsync(context, account, place, progress.Proofs, how.Declined))
        {
            case SignInStep.Complete(var unreachable):
                halves.Forget(context, place);
                if (how.WasKept && !await halves.TryEndAsync(progress, context.RequestAborted))
                {
                    // A copy of the cookie that has become a session already.
                    return place.AddressOf(EndpointPaths.SignIn);
                }

                if (await completion.TryCompleteAsync(context, account, progress, how.TrustDevice) is not { } completed)
                {
                    return place.AddressOf(EndpointPaths.SignIn);
                }

                return addresses.Of(completed.Begun is { } session ? place.After(session) : place, unreachable || how.Declined);
            case SignInStep.SecondFactor(var choices, _):
                halves.Keep(context, place, progress);
                return place.AddressOf(addresses.PageOf(choices[0]));
            case SignInStep.SetUp:
                halves.Keep(context, place, progress);
                return place.AddressOf(EndpointPaths.SetUpSecondFactor);
            default:
                halves.Forget(context, place);
                return SignInReturn.EndedAddress(place, SignInEnding.NoSecondFactor);
        }
    }

    /// <param name="WasKept">The half sign-in came from the browser.</param>
    /// <param name="Declined">The person does not go up to the level asked for.</param>
    /// <param name="TrustDevice">Do not ask for the second factor in this browser for a time.</param>
    private readonly record struct GoingOn(bool WasKept, bool Declined, bool TrustDevice);
}
