using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>
/// Our own ID tokens that come back as <c>id_token_hint</c>: OIDC Core §3.1.2.1, RP-Initiated Logout §2. An expired one still tells who
/// was meant (§4 of the latter); one that we did not sign tells nothing.
/// </summary>
public sealed class IdTokenHintReader(ISigningKeys keys, IOptions<ProtocolOptions> options)
{
    private readonly JwtReadRules _rules = new(SigningAlgorithm.All, [TokenTypes.IdToken]);

    /// <summary>Null when it is no ID token of ours.</summary>
    public IdTokenHint? Read(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var read = JwtReader.Read(token, keys.VerificationKeys, _rules);
        return read.Succeeded
            && string.Equals(read.Jwt.Issuer, options.Value.Issuer, StringComparison.Ordinal)
            && read.Jwt.ExpiresAt is not null // signed userinfo has none
            && read.Jwt.Subject is { Length: > 0 } subject
            ? new IdTokenHint(subject, read.Jwt.Audiences, read.Jwt.GetString(ClaimNames.SessionId))
            : null;
    }
}

/// <summary>Whom and what an ID token of ours speaks of.</summary>
public sealed record IdTokenHint(string Subject, IReadOnlyList<string> Audiences, string? SessionId);
