using Microsoft.AspNetCore.Authentication;

namespace IdentityProvider.ResourceServer;

/// <summary>What an API must know to accept access tokens of one issuer (RFC 9068 §4).</summary>
public sealed class ResourceServerOptions : AuthenticationSchemeOptions
{
    /// <summary>
    /// The issuer, exactly as it names itself in its metadata and in <c>iss</c>: compared character by character.
    /// Must be https, or http on a loopback host. No default.
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>The identifier of this API, one of the token's <c>aud</c> values. No default.</summary>
    public string Audience { get; set; } = "";

    /// <summary>Tolerance for <c>exp</c>, <c>nbf</c> and <c>iat</c>. Default 30 seconds; at most 5 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Shortest time between two JWKS requests caused by tokens with an unknown <c>kid</c>. Default 30 seconds.
    /// Per process: each node of this API has its own limit.
    /// </summary>
    public TimeSpan UnknownKeyRefreshInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long keys are still trusted after their cache time is over while the issuer cannot be reached.
    /// Default 24 hours; then requests are answered 503.
    /// </summary>
    public TimeSpan StaleKeyLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Whether <c>status.status_list</c> of a token is looked up (Token Status List §8.3, draft 21). Default true.
    /// Without it a withdrawn token is accepted until it expires.
    /// </summary>
    public bool CheckStatus { get; set; } = true;

    /// <summary>
    /// Whether a token is accepted when its status list can neither be fetched nor found in the cache unexpired.
    /// Default false: such requests are answered 503, because whoever can keep this API from the list
    /// could otherwise undo every withdrawal.
    /// </summary>
    public bool AcceptTokensOfUnknownStatus { get; set; }

    /// <summary>Longest access token read, in characters. Default 16384.</summary>
    public int MaximumTokenLength { get; set; } = 16 * 1024;

    /// <summary>Largest metadata or JWKS document read, in bytes. Default 64 kB.</summary>
    public int MaximumDocumentSize { get; set; } = 64 * 1024;

    /// <summary>
    /// Largest status list after inflation, in bytes: eight tokens a byte at one bit each. Default 1 MB.
    /// The HTTP response may be one and a half times as large.
    /// </summary>
    public int MaximumStatusListSize { get; set; } = 1024 * 1024;

    /// <summary>Time limit for one request to the issuer, from connecting to the last byte. Default 5 seconds.</summary>
    public TimeSpan IssuerTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Handler for requests to the issuer, for a proxy or a private certificate authority; it must not follow redirects.
    /// Null means one that follows none, keeps no cookies and never decompresses.
    /// </summary>
    public HttpMessageHandler? IssuerHttpHandler { get; set; }
}
