using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Token;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>The one place that mints access tokens (RFC 9068 §2) and ID tokens (OIDC Core §2).</summary>
public sealed class TokenIssuer(ISigningKeys keys, SubjectIdentifiers subjects, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const int RandomIdLength = 12;

    /// <summary>Address of a status list without its number.</summary>
    private string StatusListPrefix => options.Value.AddressOf(EndpointPaths.StatusLists) + "/";

    /// <summary>A token of a client for itself: RFC 6749 §4.4, <c>sub</c> is the client (RFC 9068 §2.2).</summary>
    public IssuedToken IssueAccessToken(Client client, TokenTarget target)
    {
        ArgumentNullException.ThrowIfNull(client);
        return IssueAccessToken(client, target, grant: null, client.ClientId, client.Status, NewTokenId(grantId: null));
    }

    /// <summary>A token of a client for a person, under a grant. The client can read it, so its <c>sub</c> is that of the ID token.</summary>
    public IssuedToken IssueAccessToken(Client client, TokenTarget target, Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return IssueAccessToken(client, target, grant, subjects.Of(client, grant.Subject), grant.Status, NewTokenId(grant.Id));
    }

    /// <summary>The algorithm of the client's ID tokens: what it registered, or RS256 (OIDC Registration §2).</summary>
    public static SigningAlgorithm IdTokenAlgorithm(Client client)
    {
        ArgumentNullException.ThrowIfNull(client);
        return SigningAlgorithm.Find(client.IdTokenSignedResponseAlg) ?? SigningAlgorithm.RS256;
    }

    /// <param name="client">The only audience.</param>
    /// <param name="grant">Subject, session and how the person signed in.</param>
    /// <param name="accessToken">Bound by <c>at_hash</c> (OIDC Core §3.1.3.6).</param>
    /// <param name="nonce">Of the authorization request; null for refreshed tokens (OIDC Core §12.2).</param>
    /// <param name="claims">Claims of the person that the request asked into the ID token; protocol claims are not among them.</param>
    public string IssueIdToken(
        Client client, Grant grant, string accessToken, string? nonce, IReadOnlyList<KeyValuePair<string, JsonElement>> claims)
    {
        ArgumentNullException.ThrowIfNull(grant);
        var signer = keys.GetSigner(IdTokenAlgorithm(client));
        var now = clock.GetUtcNow();
        var parts = new IdTokenParts(
            options.Value.Issuer, client, subjects.Of(client, grant.Subject), subjects.SessionOf(client, grant.SessionId), grant, signer.Algorithm.LeftHalfHash(accessToken), nonce, now, now + options.Value.Tokens.IdTokenLifetime, claims);
        return JwtWriter.Write(signer, TokenTypes.IdToken, parts, static (json, parts) => WriteIdToken(json, parts));
    }

    private IssuedToken IssueAccessToken(
        Client client, TokenTarget target, Grant? grant, string subject, StatusReference status, string id)
    {
        ArgumentNullException.ThrowIfNull(target);
        var lifetime = client.AccessTokenLifetime ?? options.Value.Tokens.AccessTokenLifetime;
        foreach (var resource in target.Resources)
        {
            lifetime = resource.AccessTokenLifetime is { } shorter && shorter < lifetime ? shorter : lifetime;
        }

        // A token that outlived its grant could be withdrawn by nobody: the row that knows its status bit is gone by then.
        var now = clock.GetUtcNow();
        if (grant is not null && grant.AbsoluteExpiresAt - now < lifetime)
        {
            lifetime = grant.AbsoluteExpiresAt - now;
        }

        var parts = new AccessTokenParts(
            options.Value.Issuer,
            subject,
            grant is null ? null : subjects.SessionOf(client, grant.SessionId),
            client.ClientId,
            target,
            grant,
            id,
            now,
            now + lifetime,
            status,
            StatusListPrefix);
        var value = JwtWriter.Write(
            keys.GetSigner(AccessTokenAlgorithm(target)), TokenTypes.AccessToken, parts, static (json, parts) => WriteAccessToken(json, parts));
        return new IssuedToken(value, lifetime);
    }

    /// <summary>
    /// What all its APIs agree on. When they do not: RS256, which every resource server must support (RFC 9068 §4), or the ring's default where
    /// the operator took RS256 out.
    /// </summary>
    private SigningAlgorithm AccessTokenAlgorithm(TokenTarget target)
    {
        var algorithms = target.Resources.Select(resource => resource.AccessTokenSigningAlg).Distinct(StringComparer.Ordinal).Take(2).ToArray();
        return algorithms is [{ } agreed] && SigningAlgorithm.Find(agreed) is { } known ? known
            : keys.Algorithms.Contains(SigningAlgorithm.RS256) ? SigningAlgorithm.RS256
            : keys.Algorithms[0];
    }

    /// <summary>The grant's id, so that a token leads to its grant, and 96 random bits.</summary>
    private static string NewTokenId(Guid? grantId)
    {
        Span<byte> bytes = stackalloc byte[RandomIdLength + AccessTokenReader.GrantIdLength];
        RandomNumberGenerator.Fill(bytes[^RandomIdLength..]);
        if (grantId is not { } id)
        {
            return Base64Url.EncodeToString(bytes[^RandomIdLength..]);
        }

        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    private static void WriteAccessToken(Utf8JsonWriter json, in AccessTokenParts parts)
    {
        json.WriteString(ClaimNames.Issuer, parts.Issuer);
        json.WriteString(ClaimNames.Subject, parts.Subject);
        WriteAudience(json, parts.Target.Audiences);
        json.WriteString(ClaimNames.ClientId, parts.ClientId);
        if (parts.Target.Scope.Count > 0)
        {
            json.WriteString(ClaimNames.Scope, parts.Target.Scope.ToString());
        }

        WriteTimes(json, parts.IssuedAt, parts.ExpiresAt);
        json.WriteString(ClaimNames.JwtId, parts.Id);
        if (parts.Grant is { } grant)
        {
            WriteAuthentication(json, grant, parts.SessionId!);
            if (RequestedClaims.TryParse(grant.RequestedClaims) is { UserInfo: { Count: > 0 } names })
            {
                json.WriteStartArray(ClaimNames.RequestedUserInfo);
                foreach (var name in names)
                {
                    json.WriteStringValue(name);
                }

                json.WriteEndArray();
            }
        }

        json.WriteStartObject(ClaimNames.Status);
        json.WriteStartObject(ClaimNames.StatusList);
        json.WriteNumber("idx", parts.Status.Index);
        json.WriteString("uri", parts.StatusListPrefix + parts.Status.List.ToString(CultureInfo.InvariantCulture));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteIdToken(Utf8JsonWriter json, in IdTokenParts parts)
    {
        json.WriteString(ClaimNames.Issuer, parts.Issuer);
        json.WriteString(ClaimNames.Subject, parts.Subject);
        json.WriteString(ClaimNames.Audience, parts.Client.ClientId);
        WriteTimes(json, parts.IssuedAt, parts.ExpiresAt);
        if (parts.Nonce is { } nonce)
        {
            json.WriteString(ClaimNames.Nonce, nonce);
        }

        WriteAuthentication(json, parts.Grant, parts.SessionId);
        json.WriteString(ClaimNames.AtHash, parts.AccessTokenHash);
        foreach (var (name, value) in parts.Claims)
        {
            json.WritePropertyName(name);
            value.WriteTo(json);
        }
    }

    private static void WriteAuthentication(Utf8JsonWriter json, Grant grant, string sessionId)
    {
        json.WriteNumber(ClaimNames.AuthTime, grant.AuthTime.ToUnixTimeSeconds());
        if (grant.Acr is { } acr)
        {
            json.WriteString(ClaimNames.Acr, acr);
        }

        if (grant.Amr.Count > 0)
        {
            json.WriteStartArray(ClaimNames.Amr);
            foreach (var method in grant.Amr)
            {
                json.WriteStringValue(method);
            }

            json.WriteEndArray();
        }

        json.WriteString(ClaimNames.SessionId, sessionId);
    }

    private static void WriteAudience(Utf8JsonWriter json, IReadOnlyList<string> audiences)
    {
        if (audiences is [{ } only])
        {
            json.WriteString(ClaimNames.Audience, only);
            return;
        }

        json.WriteStartArray(ClaimNames.Audience);
        foreach (var audience in audiences)
        {
            json.WriteStringValue(audience);
        }

        json.WriteEndArray();
    }

    private static void WriteTimes(Utf8JsonWriter json, DateTimeOffset issuedAt, DateTimeOffset expiresAt)
    {
        json.WriteNumber(ClaimNames.IssuedAt, issuedAt.ToUnixTimeSeconds());
        json.WriteNumber(ClaimNames.Expiry, expiresAt.ToUnixTimeSeconds());
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct AccessTokenParts(
        string Issuer,
        string Subject,
        string? SessionId,
        string ClientId,
        TokenTarget Target,
        Grant? Grant,
        string Id,
        DateTimeOffset IssuedAt,
        DateTimeOffset ExpiresAt,
        StatusReference Status,
        string StatusListPrefix);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct IdTokenParts(
        string Issuer,
        Client Client,
        string Subject,
        string SessionId,
        Grant Grant,
        string AccessTokenHash,
        string? Nonce,
        DateTimeOffset IssuedAt,
        DateTimeOffset ExpiresAt,
        IReadOnlyList<KeyValuePair<string, JsonElement>> Claims);
}

/// <summary>An access token and how long it lasts.</summary>
public sealed record IssuedToken(string Value, TimeSpan Lifetime);
