using IdentityProvider.ResourceServer.Jose;

namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>What became of looking for a key of the issuer.</summary>
internal abstract record KeyLookup
{
    public sealed record Found(VerificationKey Key) : KeyLookup;

    /// <summary>The issuer's keys are known and this is none of them.</summary>
    public sealed record Unknown : KeyLookup;

    /// <summary>The issuer's keys are not known; nothing can be said of the token.</summary>
    public sealed record Unavailable : KeyLookup;
}
