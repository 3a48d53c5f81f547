using System.Globalization;
using System.Text.Json;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>Our own access tokens back into claims: RFC 9068 §4. Whether one was withdrawn, only its status bit tells.</summary>
public sealed class AccessTokenReader(ISigningKeys keys, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    internal const int GrantIdLength = 16;

    private readonly JwtReadRules _rules = new(SigningAlgorithm.All, [TokenTypes.AccessToken]);

    private readonly JwtClaimRules _claimRules = new()
    {
        Issuer = options.Value.Issuer,
        ClockSkew = TimeSpan.Zero,
        ClockLead = ClockLimits.BetweenNodes, // another node of ours issued it a moment ago, by its clock
        RequiresSubject = true,
        RequiresId = true,
    };

    /// <summary>Null when it is no access token of ours or has expired.</summary>
    public AccessTokenClaims? Read(string token)
    {
        ArgumentNullException.ThrowIfNull(token);
        var read = JwtReader.Read(token, keys.VerificationKeys, _rules);
        if (!read.Succeeded || _claimRules.FindProblem(read.Jwt, clock.GetUtcNow()) is not null)
        {
            return null;
        }

        var jwt = read.Jwt;
        return ReadStatus(jwt) is { } status && jwt.GetString(ClaimNames.ClientId) is { } clientId
            ? new AccessTokenClaims
            {
                Subject = jwt.Subject!,
                ClientId = clientId,
                Scope = ScopeSet.TryParse(jwt.GetString(ClaimNames.Scope)) ?? ScopeSet.Empty,
                Audiences = jwt.Audiences,
                Jti = jwt.Id!,
                IssuedAt = jwt.IssuedAt ?? DateTimeOffset.UnixEpoch,
                ExpiresAt = jwt.ExpiresAt!.Value,
                Status = status,
                GrantId = ReadGrantId(jwt.Id!),
                SessionId = jwt.GetString(ClaimNames.SessionId),
                AuthTime = jwt.GetTime(ClaimNames.AuthTime),
                Acr = jwt.GetString(ClaimNames.Acr),
                Amr = jwt.GetStrings(ClaimNames.Amr),
                UserInfoClaims = jwt.GetStrings(ClaimNames.RequestedUserInfo),
            }
            : null;
    }

    private static StatusReference? ReadStatus(Jwt jwt)
    {
        if (!jwt.Payload.TryGetProperty(ClaimNames.Status, out var status)
            || status.ValueKind != JsonValueKind.Object
            || !status.TryGetProperty(ClaimNames.StatusList, out var reference)
            || reference.ValueKind != JsonValueKind.Object
            || !reference.TryGetProperty("idx", out var idx)
            || idx.ValueKind != JsonValueKind.Number
            || !idx.TryGetInt32(out var index)
            || index < 0
            || !reference.TryGetProperty("uri", out var uri)
            || uri.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var address = uri.GetString().AsSpan();
        var number = address[(address.LastIndexOf('/') + 1)..];
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var list) ? new StatusReference(list, index) : null;
    }

    private static Guid? ReadGrantId(string id) =>
        StrictBase64Url.TryDecode(id, out var bytes) && bytes.Length > GrantIdLength
            ? new Guid(bytes.AsSpan(0, GrantIdLength), bigEndian: true)
            : null;
}
