using System.Buffers.Text;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Sessions;

/// <summary>
/// The browser state of Session Management §3.2 and §4.2: a random value beside the session's cookie, readable by the script of
/// <c>check_session_iframe</c>. It proves nothing and opens nothing; it only changes when somebody signs in or out here. SameSite=Lax, so clients
/// of other sites, where browsers keep cookies from frames anyway, hear of changes by back-channel and front-channel logout instead.
/// </summary>
internal sealed class BrowserState(TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const int ValueBytes = 32;

    private static readonly HostCookie Cookie = new("idp-browser-state", isForScripts: true);

    /// <summary>Another value: every client that asks hears that something has changed.</summary>
    public string Change(HttpContext context, Session session)
    {
        var value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(ValueBytes));
        TimeSpan? lifetime = session.IsPersistent ? session.AbsoluteExpiresAt - clock.GetUtcNow() : null;
        Cookie.Write(context, IsSecure(context), value, lifetime);
        return value;
    }

    /// <summary>The value of the browser's session; one that lacks it gets one.</summary>
    public string Get(HttpContext context, Session session) =>
        Cookie.Read(context, IsSecure(context)) is { } value && Base64Url.IsValid(value, out var length) && length == ValueBytes
            ? value
            : Change(context, session);

    /// <summary>Nobody is signed in here any more.</summary>
    public void Clear(HttpContext context)
    {
        if (Cookie.Read(context, IsSecure(context)) is not null)
        {
            Cookie.Delete(context, IsSecure(context));
        }
    }

    private bool IsSecure(HttpContext context) => HostCookie.IsSecure(context, options.Value.Issuer);
}
