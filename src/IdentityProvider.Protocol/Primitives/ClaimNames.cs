using System.Collections.Frozen;

namespace IdentityProvider.Protocol.Primitives;

/// <summary>Registered claims (IANA JSON Web Token Claims) that the engine writes or reads.</summary>
public static class ClaimNames
{
    public const string Acr = "acr";
    public const string Amr = "amr";
    public const string AtHash = "at_hash";
    public const string Audience = "aud";
    public const string AuthTime = "auth_time";
    public const string ClientId = "client_id";
    public const string Events = "events";
    public const string Expiry = "exp";
    public const string IssuedAt = "iat";
    public const string Issuer = "iss";
    public const string JwtId = "jti";
    public const string Nonce = "nonce";
    public const string NotBefore = "nbf";
    public const string Scope = "scope";
    public const string SessionId = "sid";
    public const string Status = "status";
    public const string Subject = "sub";

    /// <summary>Member of <c>status</c>: draft-ietf-oauth-status-list §6.2.</summary>
    public const string StatusList = "status_list";

    /// <summary>draft-ietf-oauth-status-list §5.1.</summary>
    public const string TimeToLive = "ttl";

    /// <summary>Ours: names of claims that the <c>claims</c> parameter asked of userinfo, so that userinfo needs no second read.</summary>
    public const string RequestedUserInfo = "idp_userinfo_claims";

    private static readonly FrozenSet<string> Reserved = FrozenSet.Create(
        StringComparer.Ordinal,
        Issuer, Subject, Audience, Expiry, NotBefore, IssuedAt, JwtId, Nonce, AuthTime, Acr, Amr, "azp", AtHash, "c_hash", "s_hash", SessionId,
        ClientId, Scope, "cnf", "act", "may_act", Events, "authorization_details", Status, RequestedUserInfo);

    /// <summary>Whether only the server writes the claim: whatever an account or a request says under that name is left out.</summary>
    public static bool IsReserved(string name) => Reserved.Contains(name);
}
