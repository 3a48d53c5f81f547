using System.Text.Json;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.UserInfo;

/// <summary>The userinfo endpoint's rules: OIDC Core §5.3, RFC 6750 §3.1. One read.</summary>
public sealed class UserInfoRequestHandler(
    AccessTokenReader reader, ISubjectDirectory subjects, ICatalogStore catalog, ISigningKeys keys, IOptions<ProtocolOptions> options)
{
    /// <summary>The claims, or <c>invalid_token</c>, or <c>insufficient_scope</c> when <c>openid</c> was not granted.</summary>
    public async Task<Result<UserInfoResponse>> HandleAsync(string accessToken, CancellationToken cancellationToken)
    {
        if (reader.Read(accessToken) is not { } token)
        {
            return OAuthError.InvalidToken("no access token of ours, or expired");
        }

        // A token that was asked for one API alone (RFC 8707) is no key to the person's data.
        if (!token.Audiences.Contains(options.Value.Issuer, StringComparer.Ordinal))
        {
            return OAuthError.InvalidToken("the token is for " + string.Join(' ', token.Audiences));
        }

        if (catalog.Current.FindClient(token.ClientId) is not { } client)
        {
            return OAuthError.InvalidToken("the token is of unknown or disabled client " + token.ClientId);
        }

        if (!token.Scope.Contains(ScopeNames.OpenId))
        {
            return new OAuthError(
                ErrorCodes.InsufficientScope, "The access token lacks the scope openid.", $"client {token.ClientId} has scope {token.Scope}");
        }

        return token.GrantId is { } grantId && await subjects.FindForTokenAsync(grantId, token.Status, cancellationToken) is { } subject
            ? Sign(client, new UserInfoResponse(token.Subject, Select(token, subject)))
            : OAuthError.InvalidToken("the token was withdrawn, or the account is gone or disabled");
    }

    /// <summary>§5.3.2: a signed answer says by whom and for whom it is. It has no <c>exp</c>, so it is nobody's ID token.</summary>
    private UserInfoResponse Sign(Client client, UserInfoResponse response)
    {
        if (SigningAlgorithm.Find(client.UserinfoSignedResponseAlg) is not { } algorithm)
        {
            return response;
        }

        var parts = (options.Value.Issuer, client.ClientId, Response: response);
        return response with
        {
            Signed = JwtWriter.Write(keys.GetSigner(algorithm), TokenTypes.UserInfo, parts, static (json, parts) =>
            {
                json.WriteString(ClaimNames.Issuer, parts.Issuer);
                json.WriteString(ClaimNames.Audience, parts.ClientId);
                parts.Response.WriteMembersTo(json);
            }),
        };
    }

    /// <summary>What the granted scopes mean (§5.4) and what the <c>claims</c> parameter asked (§5.5), as far as it is known.</summary>
    private List<KeyValuePair<string, JsonElement>> Select(AccessTokenClaims token, Subject subject)
    {
        var selected = new List<KeyValuePair<string, JsonElement>>();
        var names = catalog.Current.ClaimsOf(token.Scope)
            .Concat(token.UserInfoClaims)
            .Where(name => !ClaimNames.IsReserved(name))
            .Distinct(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (subject.Claims.TryGetValue(name, out var value))
            {
                selected.Add(KeyValuePair.Create(name, value));
            }
        }

        return selected;
    }
}
