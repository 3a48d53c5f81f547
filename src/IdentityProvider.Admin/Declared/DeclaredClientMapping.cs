using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;

namespace IdentityProvider.Admin.Declared;

/// <summary>A declared client as the engine knows it, with the defaults of RFC 7591 §2.</summary>
internal static class DeclaredClientMapping
{
    /// <summary>Always gives a client, so that all of its rules can be asked; what cannot be mapped is told by <see cref="Validate"/>.</summary>
    public static Client ToClient(DeclaredClient declared)
    {
        var grantTypes = declared.GrantTypes ?? [GrantTypeNames.AuthorizationCode];
        var usesCode = grantTypes.Contains(GrantTypeNames.AuthorizationCode, StringComparer.Ordinal);
        return new Client
        {
            ClientId = declared.ClientId,
            ClientName = declared.ClientName,
            ClientUri = declared.ClientUri,
            LogoUri = declared.LogoUri,
            PolicyUri = declared.PolicyUri,
            TosUri = declared.TosUri,
            LocalizedTexts = declared.LocalizedTexts,
            RedirectUris = declared.RedirectUris,
            PostLogoutRedirectUris = declared.PostLogoutRedirectUris,
            BackchannelLogoutUri = declared.BackchannelLogoutUri,
            BackchannelLogoutSessionRequired = declared.BackchannelLogoutSessionRequired,
            FrontchannelLogoutUri = declared.FrontchannelLogoutUri,
            FrontchannelLogoutSessionRequired = declared.FrontchannelLogoutSessionRequired,
            GrantTypes = grantTypes,
            ResponseTypes = declared.ResponseTypes ?? (usesCode ? ["code"] : []),
            TokenEndpointAuthMethod = declared.TokenEndpointAuthMethod ?? ClientAuthenticationMethods.ClientSecretBasic,
            TokenEndpointAuthSigningAlg = declared.TokenEndpointAuthSigningAlg,
            ApplicationType = declared.ApplicationType ?? "web",
            Scope = ScopeSet.TryParse(declared.Scope) ?? ScopeSet.Empty,
            Jwks = declared.Jwks?.ToJsonString(),
            JwksUri = declared.JwksUri,
            Secrets = [.. Secrets(declared)],
            IdTokenSignedResponseAlg = declared.IdTokenSignedResponseAlg,
            UserinfoSignedResponseAlg = declared.UserinfoSignedResponseAlg,
            RequestObjectSigningAlg = declared.RequestObjectSigningAlg,
            RequestUris = declared.RequestUris,
            RequestUriPrefixes = declared.IdpRequestUriPrefixes,
            SubjectType = declared.SubjectType ?? SubjectTypes.Public,
            SectorIdentifierUri = declared.SectorIdentifierUri,
            DefaultMaxAge = declared.DefaultMaxAge,
            RequireAuthTime = declared.RequireAuthTime,
            DefaultAcrValues = declared.DefaultAcrValues,
            RequireAcr = declared.IdpRequireAcr,
            SignInMethods = declared.IdpSignInMethods,
            RequireConsent = declared.IdpRequireConsent,
            AllowRequestsWithoutPkce = declared.IdpAllowRequestsWithoutPkce,
            AccessTokenLifetime = declared.IdpAccessTokenLifetime,
            RefreshTokenIdleLifetime = declared.IdpRefreshTokenIdleLifetime,
            RefreshTokenAbsoluteLifetime = declared.IdpRefreshTokenAbsoluteLifetime,
            LogoutRevokesOfflineAccess = declared.IdpLogoutRevokesOfflineAccess,
            IntrospectionAudiences = declared.IdpIntrospectionAudiences,
            Enabled = declared.IdpEnabled,
        };
    }

    /// <summary>What the mapping would hide.</summary>
    public static IEnumerable<ClientProblem> Validate(DeclaredClient declared)
    {
        if (ScopeSet.TryParse(declared.Scope) is null)
        {
            yield return new("scope", $"must be at most {ScopeSet.MaxTokens} scope values separated by spaces (RFC 6749 §3.3).");
        }

        // A secret is kept under a fast hash, so only its length protects it from being guessed.
        if (declared.ClientSecret is { Length: < 24 })
        {
            yield return new("client_secret", "must have at least 24 characters; better 43 random ones of base64url (256 bits).");
        }

        if (declared.ClientSecret?.AsSpan().ContainsAnyExceptInRange(' ', '~') == true)
        {
            yield return new("client_secret", "must be printable ASCII (RFC 6749 Appendix A.2).");
        }

        if (declared.IdpClientSecrets.Any(secret => !IsSha256(secret.Sha256)))
        {
            yield return new("idp_client_secrets", "sha256 must be 64 hexadecimal digits.");
        }
    }

    private static IEnumerable<ClientSecret> Secrets(DeclaredClient declared)
    {
        if (declared.ClientSecret is { } secret)
        {
            yield return new ClientSecret(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), ExpiresAt: null);
        }

        foreach (var hashed in declared.IdpClientSecrets.Where(hashed => IsSha256(hashed.Sha256)))
        {
            yield return new ClientSecret(Convert.FromHexString(hashed.Sha256), hashed.ExpiresAt);
        }
    }

    private static bool IsSha256(string text) => text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigit);
}
