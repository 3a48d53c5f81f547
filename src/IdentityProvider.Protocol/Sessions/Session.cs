namespace IdentityProvider.Protocol.Sessions;

/// <summary>The browser's sign-in with us: one row. OIDC Core §2 (<c>auth_time</c>, <c>acr</c>, <c>amr</c>); its id is the <c>sid</c>.</summary>
public sealed record Session
{
    /// <summary>A version 7 UUID; printed as 32 hexadecimal digits it is the <c>sid</c> of tokens. Not a secret.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the secret in the browser's cookie: 32 bytes. Changes at every sign-in, so an old cookie is dead.</summary>
    public required ReadOnlyMemory<byte> HandleHash { get; init; }

    public required string Subject { get; init; }

    /// <summary>When the person last proved who they are.</summary>
    public required DateTimeOffset AuthTime { get; init; }

    public string? Acr { get; init; }

    /// <summary>RFC 8176 values.</summary>
    public IReadOnlyList<string> Amr { get; init; } = [];

    /// <summary>What was proved with, of <see cref="SignInMethods"/>, the first first. RFC 8176 has one word for several of them.</summary>
    public IReadOnlyList<string> Methods { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Last use, written lazily: at most once a minute.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When it ends unless it is used before.</summary>
    public required DateTimeOffset IdleExpiresAt { get; init; }

    /// <summary>When it ends whatever happens.</summary>
    public required DateTimeOffset AbsoluteExpiresAt { get; init; }

    /// <summary>"Remember me": the cookie outlives the browser window.</summary>
    public bool IsPersistent { get; init; }

    /// <summary>As sent, cut to 256 characters; for the person's list of devices.</summary>
    public string? UserAgent { get; init; }

    public string? RemoteAddress { get; init; }

    public DateTimeOffset? EndedAt { get; init; }

    public string Sid => Id.ToString("N");

    public bool IsLive(DateTimeOffset now) => EndedAt is null && now < IdleExpiresAt && now < AbsoluteExpiresAt;
}
