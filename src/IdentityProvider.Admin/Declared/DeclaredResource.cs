namespace IdentityProvider.Admin.Declared;

/// <summary>A protected API as files write it (RFC 8707 §2).</summary>
public sealed class DeclaredResource
{
    /// <summary>Required; an absolute URI without fragment, the value of <c>aud</c>.</summary>
    public string Identifier { get; set; } = string.Empty;

    /// <summary>Name for people; default is the identifier.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Scopes that mean this API.</summary>
    public IReadOnlyList<string> Scopes { get; set; } = [];

    /// <summary>Algorithm of access tokens for it: <c>RS256</c> (the default) or another algorithm of <c>Keys:algorithms</c>.</summary>
    public string? AccessTokenSigningAlg { get; set; }

    /// <summary>Seconds, from 60 to 86400; the shortest of the resources', the client's and the server's counts.</summary>
    public TimeSpan? AccessTokenLifetime { get; set; }

    /// <summary>Default true.</summary>
    public bool Enabled { get; set; } = true;
}
