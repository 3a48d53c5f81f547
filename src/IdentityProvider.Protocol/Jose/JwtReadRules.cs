namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// What the caller accepts where it reads a JWT. Nothing of this comes from the token: RFC 8725 §3.1 (algorithms), §3.11 (explicit typing).
/// Immutable; make one per purpose and keep it.
/// </summary>
/// <param name="Algorithms">The signature algorithms that purpose allows.</param>
/// <param name="Types">
/// The <c>typ</c> values, for example <c>at+jwt</c>; compared without regard to case and to a leading <c>application/</c> (RFC 7515 §4.1.9).
/// </param>
public sealed record JwtReadRules(IReadOnlyList<SigningAlgorithm> Algorithms, IReadOnlyList<string> Types)
{
    /// <summary>Whether a token without <c>typ</c> is accepted too. Default false; true only where the specification leaves it open.</summary>
    public bool AllowsMissingType { get; init; }

    /// <summary>Longest token read, in characters. Default 16384.</summary>
    public int MaximumLength { get; init; } = 16 * 1024;

    internal bool Allows(SigningAlgorithm algorithm) => Algorithms.Contains(algorithm);

    internal bool AllowsType(string? type)
    {
        if (type is null)
        {
            return AllowsMissingType;
        }

        var bare = WithoutPrefix(type);
        foreach (var allowed in Types)
        {
            if (bare.Equals(WithoutPrefix(allowed), StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    // RFC 7515 §4.1.9: application/ is only left out when no other slash is in the value.
    private static ReadOnlySpan<char> WithoutPrefix(string type)
    {
        const string Prefix = "application/";
        return type.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) && !type.AsSpan(Prefix.Length).Contains('/')
            ? type.AsSpan(Prefix.Length)
            : type;
    }
}
