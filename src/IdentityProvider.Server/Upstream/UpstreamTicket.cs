namespace IdentityProvider.Server.Upstream;

/// <summary>A round trip to a provider that has begun: for what, and from where.</summary>
internal sealed record UpstreamTicket
{
    /// <summary>A person who has not come back after that begins anew.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public required string ProviderId { get; init; }

    /// <summary>The sealed authorization request that a person signs in for; null when no client asks.</summary>
    public string? Flow { get; init; }

    /// <summary>Without a flow: as sent, not yet checked.</summary>
    public string? ReturnUrl { get; init; }

    /// <summary>Without a flow: the least level that will do.</summary>
    public int Level { get; init; }

    /// <summary>Whether a new proof was demanded.</summary>
    public bool IsFresh { get; init; }

    /// <summary>The session whose person links the identity with their account; null for a sign-in.</summary>
    public Guid? LinkingSession { get; init; }
}

/// <summary>What only this browser can know of a round trip; derived from its cookie.</summary>
/// <param name="Nonce">OIDC Core §3.1.2.1.</param>
/// <param name="CodeVerifier">RFC 7636 §4.1.</param>
internal sealed record UpstreamSecrets(string Nonce, string CodeVerifier);
