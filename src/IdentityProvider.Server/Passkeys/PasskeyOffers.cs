using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Passkeys;

/// <summary>
/// Who has signed in by password, has no passkey, and sits at a device that could keep one is asked once whether they want one, and in this
/// browser not again for a while, whatever they said.
/// </summary>
internal sealed class PasskeyOffers(
    PasskeyAvailability availability, PasskeyBook book, BrowserSession sessions, PageFlows flows, IOptions<ProtocolOptions> options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromDays(90);
    private static readonly HostCookie Cookie = new("idp-passkey-offered");

    /// <summary>
    /// Where to go on to: <paramref name="next"/>, or the offer before it. A sign-in that is only half done, and one that a level was asked
    /// for, go straight on.
    /// </summary>
    public async Task<string> BeforeAsync(HttpContext context, Account account, SignInPlace place, string next)
    {
        var secure = HostCookie.IsSecure(context, options.Value.Issuer);
        if (!availability.IsOpen
            || place.Demand != AcrDemand.None
            || !place.Takes(SignInMethods.Passkey)
            || Cookie.Read(context, secure) is not null
            || await sessions.ReadAsync(context, context.RequestAborted) is not { } session
            || !string.Equals(session.Subject, account.Id, StringComparison.Ordinal)
            || next.StartsWith("~" + EndpointPaths.SignIn, StringComparison.Ordinal)
            || (await book.ListAsync(account.Id, context.RequestAborted)).Count > 0)
        {
            return next;
        }

        Cookie.Write(context, secure, "1", Pause);
        return place.After(session).Flow is { } flow
            ? flows.AddressOf(EndpointPaths.OfferPasskey, flow.Pending)
            : place.AddressOf(EndpointPaths.OfferPasskey);
    }
}
