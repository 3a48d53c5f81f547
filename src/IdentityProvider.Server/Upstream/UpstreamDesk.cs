using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Server.Upstream;

/// <summary>What a proved identity elsewhere leads to here: a sign-in, or a link with the account that is signed in.</summary>
internal sealed class UpstreamDesk(
    UpstreamSignIn signIn, UpstreamLinks links, SignInDesk desk, BrowserSession sessions, UserManager<Account> users)
{
    /// <summary>Signs in for the place, which takes this method.</summary>
    public async Task<UpstreamArrival> SignInAsync(HttpContext context, SignInPlace place, UpstreamIdentity identity) =>
        await signIn.SignInAsync(identity, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted) switch
        {
            UpstreamSignInOutcome.SignedIn(var account) =>
                new UpstreamArrival.GoOn(await desk.ProvedAsync(context, account, identity.Proof, place, remember: false)),
            UpstreamSignInOutcome.NotLinked => new UpstreamArrival.NotLinked(),
            _ => new UpstreamArrival.Refused(),
        };

    /// <summary>Links. The person proved freshly here before they left, in the session that they come back to.</summary>
    public async Task<UpstreamArrival> LinkAsync(HttpContext context, Guid sessionId, UpstreamIdentity identity)
    {
        if (await sessions.ReadAsync(context, context.RequestAborted) is not { } session
            || session.Id != sessionId
            || await users.FindByIdAsync(session.Subject) is not { Disabled: false } account
            || !await sessions.StandsAsync(session, context.RequestAborted)) // read after the account: a reset between the two ends it
        {
            return new UpstreamArrival.NoSession();
        }

        return await links.TryLinkAsync(account, identity, context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted)
            ? new UpstreamArrival.GoOn($"~{EndpointPaths.LinkedIdentities}?{PageParameters.Done}=linked")
            : new UpstreamArrival.OfAnother();
    }
}

/// <summary>What came of it.</summary>
internal abstract record UpstreamArrival
{
    private UpstreamArrival()
    {
    }

    /// <param name="Address">Where the person goes on to, for a 303.</param>
    public sealed record GoOn(string Address) : UpstreamArrival;

    /// <summary>No account is linked with it, and none is made.</summary>
    public sealed record NotLinked : UpstreamArrival;

    /// <summary>The account is disabled, or the address not of an admitted domain.</summary>
    public sealed record Refused : UpstreamArrival;

    /// <summary>It is linked with another account.</summary>
    public sealed record OfAnother : UpstreamArrival;

    /// <summary>The session that wanted the link is over.</summary>
    public sealed record NoSession : UpstreamArrival;
}
