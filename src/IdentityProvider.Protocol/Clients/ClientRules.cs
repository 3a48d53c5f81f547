using System.Text;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// What makes client metadata valid: RFC 7591 §2, OIDC Registration §2, RFC 8252, RFC 9700. One set of rules for registration,
/// management and declared clients. Every problem is told, not only the first. Whether scopes and resources exist is the catalog's
/// matter and not asked here.
/// </summary>
public static class ClientRules
{
    /// <summary>Longest <c>client_id</c> and <c>client_name</c>, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Most entries in a list of URIs.</summary>
    public const int MaxUris = 100;

    private static readonly TimeSpan LongestRefresh = TimeSpan.FromDays(400);

    private static readonly string[] KnownGrantTypes =
        [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken, GrantTypeNames.ClientCredentials, GrantTypeNames.DeviceCode];

    private static readonly string[] KnownMethods =
    [
        ClientAuthenticationMethods.None,
        ClientAuthenticationMethods.ClientSecretBasic,
        ClientAuthenticationMethods.ClientSecretPost,
        ClientAuthenticationMethods.PrivateKeyJwt,
    ];

    private static readonly string[] KnownApplicationTypes = ["web", "native"];

    private static readonly string[] AuthorizationResponseParameters =
    [
        ParameterNames.Code,
        ParameterNames.State,
        ParameterNames.Iss,
        ParameterNames.SessionState,
        ParameterNames.Error,
        ParameterNames.ErrorDescription,
    ];

    /// <summary>Every problem that can be told without knowing the key ring.</summary>
    public static IReadOnlyList<ClientProblem> Validate(Client client) =>
        Validate(client, [.. SigningAlgorithm.All.Select(algorithm => algorithm.Name)]);

    /// <summary>Every problem; empty when the client may be stored.</summary>
    /// <param name="client">As it would be stored.</param>
    /// <param name="algorithms">Algorithms that the key ring signs with (<see cref="KeyOptions.Algorithms"/>).</param>
    public static IReadOnlyList<ClientProblem> Validate(Client client, IReadOnlyList<string> algorithms)
    {
        ArgumentNullException.ThrowIfNull(client);
        return
        [
            .. Names(client),
            .. Addresses(client),
            .. ClientDescriptionRules.Validate(client),
            .. RedirectUris(client),
            .. ClientLogoutRules.Validate(client),
            .. ClientSubjectRules.Validate(client),
            .. ClientRequestObjectRules.Validate(client),
            .. ClientSignInRules.Validate(client),
            .. Grants(client),
            .. Authentication(client),
            .. Keys(client),
            .. ResponseAlgorithms(client, algorithms),
            .. Lifetimes(client),
            .. Permissions(client),
        ];
    }

    /// <summary>A name for people: something, at most 100 characters, and nothing invisible that could make it read like another one.</summary>
    public static bool IsDisplayName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length <= MaxNameLength && IsVisibleText(name);
    }

    /// <summary>Something, and nothing that changes how it reads without being seen.</summary>
    internal static bool IsVisibleText(string text) =>
        !string.IsNullOrWhiteSpace(text) && text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar && IsVisible(rune));

    private static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        System.Globalization.UnicodeCategory.Control
        or System.Globalization.UnicodeCategory.Format
        or System.Globalization.UnicodeCategory.LineSeparator
        or System.Globalization.UnicodeCategory.ParagraphSeparator
        or System.Globalization.UnicodeCategory.PrivateUse
        or System.Globalization.UnicodeCategory.Surrogate
        or System.Globalization.UnicodeCategory.OtherNotAssigned);

    private static IEnumerable<ClientProblem> Names(Client client)
    {
        // RFC 6749 Appendix A.1 allows spaces too; they only make identifiers that look alike.
        if (client.ClientId.Length is 0 or > MaxNameLength || client.ClientId.AsSpan().ContainsAnyExceptInRange('!', '~'))
        {
            yield return new("client_id", "must be 1 to 100 printable ASCII characters without spaces.");
        }

        if (client.ClientName is not null && !IsDisplayName(client.ClientName))
        {
            yield return new("client_name", "must be 1 to 100 characters, without control, invisible or direction-changing ones.");
        }

        if (!KnownApplicationTypes.Contains(client.ApplicationType, StringComparer.Ordinal))
        {
            yield return Unknown("application_type", client.ApplicationType, KnownApplicationTypes);
        }
    }

    private static IEnumerable<ClientProblem> Addresses(Client client)
    {
        (string Member, string? Value)[] addresses =
        [
            ("client_uri", client.ClientUri),
            ("logo_uri", client.LogoUri),
            ("policy_uri", client.PolicyUri),
            ("tos_uri", client.TosUri),
            ("jwks_uri", client.JwksUri),
        ];
        return addresses
            .Where(address => address.Value is not null)
            .Select(address => (address.Member, Problem: ClientUriRules.FindAddressProblem(address.Value!)))
            .Where(address => address.Problem is not null)
            .Select(address => new ClientProblem(address.Member, address.Problem!));
    }

    private static IEnumerable<ClientProblem> RedirectUris(Client client)
    {
        var isNative = string.Equals(client.ApplicationType, "native", StringComparison.Ordinal);
        foreach (var (member, uris, added) in new[]
        {
            ("redirect_uris", client.RedirectUris, AuthorizationResponseParameters),
            ("post_logout_redirect_uris", client.PostLogoutRedirectUris, [ParameterNames.State]),
        })
        {
            if (uris.Count > MaxUris)
            {
                yield return new(member, $"has more than {MaxUris} entries.");
            }

            foreach (var uri in uris.Distinct(StringComparer.Ordinal))
            {
                if ((ClientUriRules.FindRedirectProblem(uri, isNative) ?? ClientUriRules.FindQueryProblem(uri, added)) is { } problem)
                {
                    yield return new(member, $"{ClientUriRules.Printable(uri)} {problem}");
                }
            }

            if (uris.Distinct(StringComparer.Ordinal).Count() != uris.Count)
            {
                yield return new(member, "names an address twice.");
            }
        }

        var usesRedirects = client.Allows(GrantTypeNames.AuthorizationCode);
        if (usesRedirects && client.RedirectUris.Count == 0)
        {
            yield return new("redirect_uris", "is missing; the grant type authorization_code needs it (RFC 7591 §2).");
        }
        else if (!usesRedirects && client.RedirectUris.Count > 0)
        {
            yield return new("redirect_uris", "contradicts grant_types, which lacks authorization_code.");
        }
    }

    private static IEnumerable<ClientProblem> Grants(Client client)
    {
        foreach (var grantType in client.GrantTypes.Where(value => !KnownGrantTypes.Contains(value, StringComparer.Ordinal)))
        {
            yield return Unknown("grant_types", grantType, KnownGrantTypes);
        }

        if (client.GrantTypes.Distinct(StringComparer.Ordinal).Count() != client.GrantTypes.Count)
        {
            yield return new("grant_types", "names a grant type twice.");
        }

        foreach (var responseType in client.ResponseTypes.Where(value => !string.Equals(value, "code", StringComparison.Ordinal)))
        {
            yield return Unknown("response_types", responseType, ["code"]);
        }

        // RFC 7591 §2.1: the two go together.
        if (client.Allows(GrantTypeNames.AuthorizationCode) != client.ResponseTypes.Contains("code", StringComparer.Ordinal))
        {
            yield return new("response_types", "contradicts grant_types: code and authorization_code go together (RFC 7591 §2.1).");
        }

        if (client.Allows(GrantTypeNames.RefreshToken) && !ActsForPeople(client))
        {
            yield return new("grant_types", "has refresh_token without a grant type that gives a refresh token: authorization_code or the device code.");
        }

        if (client.Allows(GrantTypeNames.ClientCredentials) && client.IsPublic)
        {
            yield return new("grant_types", "has client_credentials, which a client with token_endpoint_auth_method none must not use (RFC 6749 §4.4).");
        }
    }

    private static IEnumerable<ClientProblem> Authentication(Client client)
    {
        const string Member = "token_endpoint_auth_method";
        if (!KnownMethods.Contains(client.TokenEndpointAuthMethod, StringComparer.Ordinal))
        {
            yield return Unknown(Member, client.TokenEndpointAuthMethod, KnownMethods);
            yield break;
        }

        var usesKey = string.Equals(client.TokenEndpointAuthMethod, ClientAuthenticationMethods.PrivateKeyJwt, StringComparison.Ordinal);
        var usesSecret = !usesKey && !client.IsPublic;
        if (usesSecret && client.Secrets.Count == 0)
        {
            yield return new("client_secret", $"is missing; {client.TokenEndpointAuthMethod} needs it.");
        }
        else if (!usesSecret && client.Secrets.Count > 0)
        {
            yield return new("client_secret", $"contradicts token_endpoint_auth_method {client.TokenEndpointAuthMethod}, which uses none.");
        }

        if (usesKey && client.Jwks is null && client.JwksUri is null)
        {
            yield return new("jwks", "is missing, and so is jwks_uri; private_key_jwt needs one of them.");
        }

        if (client.TokenEndpointAuthSigningAlg is not { } algorithm)
        {
            yield break;
        }

        if (!usesKey)
        {
            yield return new("token_endpoint_auth_signing_alg", $"contradicts token_endpoint_auth_method {client.TokenEndpointAuthMethod}.");
        }
        else if (SigningAlgorithm.Find(algorithm) is null)
        {
            yield return Unknown("token_endpoint_auth_signing_alg", algorithm, [.. SigningAlgorithm.All.Select(known => known.Name)]);
        }
    }

    private static IEnumerable<ClientProblem> Keys(Client client)
    {
        if (client.Jwks is not null && client.JwksUri is not null)
        {
            yield return new("jwks", "contradicts jwks_uri: only one of them may be given (RFC 7591 §2).");
        }

        if (client.Jwks is not null
            && !JsonWebKeySet.TryParse(Encoding.UTF8.GetBytes(client.Jwks), strict: true, out _, out var reason))
        {
            yield return new("jwks", $"is no set of public keys: {reason}.");
        }
    }

    /// <summary>Of ID tokens, RS256 where the client says nothing, and of signed userinfo: OIDC Registration §2.</summary>
    private static IEnumerable<ClientProblem> ResponseAlgorithms(Client client, IReadOnlyList<string> algorithms)
    {
        var idToken = client.EffectiveIdTokenAlg;
        (string Member, string? Algorithm)[] choices =
            [("id_token_signed_response_alg", idToken), ("userinfo_signed_response_alg", client.UserinfoSignedResponseAlg)];
        return choices
            .Where(choice => choice.Algorithm is not null && !algorithms.Contains(choice.Algorithm, StringComparer.Ordinal))
            .Select(choice => Unknown(choice.Member, choice.Algorithm!, algorithms));
    }

    private static IEnumerable<ClientProblem> Lifetimes(Client client)
    {
        if (client.AccessTokenLifetime is { } access && (access < TimeSpan.FromMinutes(1) || access > TimeSpan.FromDays(1)))
        {
            yield return new("idp_access_token_lifetime", "must be from 60 to 86400 seconds.");
        }

        if (client.RefreshTokenAbsoluteLifetime is { } absolute && (absolute < TimeSpan.FromMinutes(1) || absolute > LongestRefresh))
        {
            yield return new("idp_refresh_token_absolute_lifetime", "must be from 60 seconds to 400 days.");
        }

        if (client.RefreshTokenIdleLifetime is { } idle
            && (idle < TimeSpan.FromMinutes(1) || idle > (client.RefreshTokenAbsoluteLifetime ?? LongestRefresh)))
        {
            yield return new("idp_refresh_token_idle_lifetime", "must be from 60 seconds to idp_refresh_token_absolute_lifetime.");
        }

        if (client.DefaultMaxAge is { } maxAge && (maxAge < TimeSpan.Zero || maxAge > LongestRefresh))
        {
            yield return new("default_max_age", "must be from 0 seconds to 400 days.");
        }
    }

    private static IEnumerable<ClientProblem> Permissions(Client client)
    {
        if (client.Scope.Contains(ScopeNames.OfflineAccess) && !client.Allows(GrantTypeNames.RefreshToken))
        {
            yield return new("scope", "has offline_access, which contradicts grant_types: refresh_token is not there.");
        }

        if (client.Scope.Contains(ScopeNames.OpenId) && !ActsForPeople(client))
        {
            yield return new("scope", "has openid, which contradicts grant_types: neither authorization_code nor the device code is there.");
        }

        if (client.AllowRequestsWithoutPkce && (client.IsPublic || !client.Scope.Contains(ScopeNames.OpenId)))
        {
            yield return new("idp_allow_requests_without_pkce", "is for confidential clients with the scope openid only (RFC 9700 §2.1.1).");
        }

        if (client.IntrospectionAudiences.Count > 0 && client.IsPublic)
        {
            yield return new("idp_introspection_audiences", "contradicts token_endpoint_auth_method none: who introspects must authenticate (RFC 7662 §2.1).");
        }
    }

    /// <summary>Whether people answer it: only then is there somebody to know of, and something to come back to.</summary>
    private static bool ActsForPeople(Client client) =>
        client.Allows(GrantTypeNames.AuthorizationCode) || client.Allows(GrantTypeNames.DeviceCode);

    internal static ClientProblem Unknown(string member, string value, IReadOnlyList<string> known) =>
        new(member, $"{ClientUriRules.Printable(value)} is not supported; known: {string.Join(", ", known)}.");
}
