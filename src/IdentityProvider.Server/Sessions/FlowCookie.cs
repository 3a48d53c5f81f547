using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Sessions;

/// <summary>
/// Ties an authorization request to the browser that began it (RFC 9700 §4.7): one cookie for each flow, so that tabs do not disturb each
/// other. It is deleted when the flow has been answered, so a form posted again from the browser's history finds none.
/// </summary>
internal sealed class FlowCookie(IOptions<ProtocolOptions> options)
{
    /// <summary>More unfinished flows than this in one browser push out the oldest: cookies share the limit of the request's headers.</summary>
    private const int MaxFlows = 20;

    private const string Prefix = "idp-flow-";

    /// <summary>Sets the flow's cookie.</summary>
    /// <returns>What belongs into <see cref="PendingAuthorization.BrowserBinding"/>.</returns>
    public string Start(HttpContext context, Guid flowId)
    {
        var secure = HostCookie.IsSecure(context, options.Value.Issuer);
        HostCookie.DropOldest(context, secure, Prefix, MaxFlows);
        var value = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        CookieOf(flowId).Write(context, secure, value, options.Value.Tokens.PendingAuthorizationLifetime);
        return Binding(value);
    }

    /// <summary>Whether this browser began the flow and it has not been answered yet.</summary>
    public bool Matches(HttpContext context, PendingAuthorization pending)
    {
        var value = CookieOf(pending.Id).Read(context, HostCookie.IsSecure(context, options.Value.Issuer));
        return value is not null && CryptographicOperations.FixedTimeEquals(
            Encoding.ASCII.GetBytes(Binding(value)),
            Encoding.ASCII.GetBytes(pending.BrowserBinding));
    }

    /// <summary>Deletes the flow's cookie; called when the answer goes to the client.</summary>
    public void Finish(HttpContext context, Guid flowId) =>
        CookieOf(flowId).Delete(context, HostCookie.IsSecure(context, options.Value.Issuer));

    // The last 16 digits of a version 7 UUID are its random part (RFC 9562 §5.7).
    private static HostCookie CookieOf(Guid flowId) => new(Prefix + flowId.ToString("N")[16..]);

    private static string Binding(string value) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(value)));
}
