using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>What the authorization endpoint does next. Nothing can be sent to an address that was not verified.</summary>
public abstract record AuthorizationOutcome
{
    private AuthorizationOutcome()
    {
    }

    /// <summary>Our own error page: client or redirect URI cannot be trusted (RFC 6749 §4.1.2.1).</summary>
    public sealed record Refuse(OAuthError Error) : AuthorizationOutcome;

    /// <summary>One of our pages comes first.</summary>
    /// <param name="Page">A path of <see cref="Configuration.EndpointPaths"/>.</param>
    /// <param name="Pending">What comes back; a new one has an empty <see cref="PendingAuthorization.BrowserBinding"/>, which the endpoint fills.</param>
    public sealed record Interact(string Page, PendingAuthorization Pending) : AuthorizationOutcome;

    /// <summary>A response to the client, at a registered redirect URI.</summary>
    /// <param name="RedirectUri">Verified.</param>
    /// <param name="ResponseMode">A word of <see cref="ResponseModes"/>.</param>
    /// <param name="Parameters">In order, <c>iss</c> (RFC 9207) included.</param>
    /// <param name="Error">Null for a success; its detail is logged.</param>
    public sealed record Respond(
        string RedirectUri,
        string ResponseMode,
        IReadOnlyList<KeyValuePair<string, string>> Parameters,
        OAuthError? Error) : AuthorizationOutcome
    {
        /// <summary>The client of a successful OpenID response, which is told <c>session_state</c> (Session Management §2); null for others.</summary>
        public string? SessionClientId { get; init; }
    }

    /// <summary>
    /// An error response that the person has to allow first: the client registered itself, and nobody has done anything yet that would show it
    /// is more than a way to bounce the browser to somebody's site (RFC 9700 §4.11.2).
    /// </summary>
    public sealed record Warn(Respond Response, Client Client) : AuthorizationOutcome;
}
