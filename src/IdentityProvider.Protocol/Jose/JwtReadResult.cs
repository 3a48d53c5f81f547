using System.Diagnostics.CodeAnalysis;

namespace IdentityProvider.Protocol.Jose;

/// <summary>A verified <see cref="Jose.Jwt"/>, or why there is none.</summary>
public sealed class JwtReadResult
{
    private JwtReadResult(Jwt? jwt, JwtRefusal? refusal, string? reason)
    {
        Jwt = jwt;
        Refusal = refusal;
        Reason = reason;
    }

    [MemberNotNullWhen(true, nameof(Jwt))]
    [MemberNotNullWhen(false, nameof(Reason))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool Succeeded => Jwt is not null;

    public Jwt? Jwt { get; }

    /// <summary>What kind of refusal it was, for the few callers that act on it.</summary>
    public JwtRefusal? Refusal { get; }

    /// <summary>A fixed sentence for our log. It repeats nothing of the token and is never sent to anyone.</summary>
    public string? Reason { get; }

    internal static JwtReadResult Accept(Jwt jwt) => new(jwt, refusal: null, reason: null);

    internal static JwtReadResult Refuse(JwtRefusal refusal, string reason) => new(jwt: null, refusal, reason);
}

/// <summary>Kinds of refusal.</summary>
public enum JwtRefusal
{
    /// <summary>Not a compact JWS with a JSON object in it, or one with header parameters we do not accept.</summary>
    Malformed,

    /// <summary>Well-formed, but of an algorithm or <c>typ</c> not accepted here.</summary>
    NotAccepted,

    /// <summary>No key of that name: whoever caches the sender's JWK Set may fetch it again, at a limited rate.</summary>
    UnknownKey,

    /// <summary>A key was found and the signature is not its own, or the key is not for that algorithm.</summary>
    BadSignature,
}
