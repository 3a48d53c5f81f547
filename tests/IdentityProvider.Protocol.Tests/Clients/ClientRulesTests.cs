using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tests.Clients;

public sealed class ClientRulesTests
{
    private static readonly ClientSecret Secret = new(new byte[32], ExpiresAt: null);

    private const string Jwks =
        """
        {"keys":[{"kty":"EC","crv":"P-256","kid":"1","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """;

    private static Client Web => new()
    {
        ClientId = "web",
        RedirectUris = ["https://app.example/cb"],
        GrantTypes = [GrantTypeNames.AuthorizationCode, GrantTypeNames.RefreshToken],
        Secrets = [Secret],
        Scope = ScopeSet.Of("openid", "offline_access"),
    };

    private static Client Worker => new() { ClientId = "worker", GrantTypes = [GrantTypeNames.ClientCredentials], ResponseTypes = [], Secrets = [Secret] };

    private static Client KeyHolder => Web with { TokenEndpointAuthMethod = "private_key_jwt", Secrets = [], Jwks = Jwks };

    private static Client Native => Web with { ApplicationType = "native", TokenEndpointAuthMethod = "none", Secrets = [] };

    private static Client Several => Web with { SubjectType = "pairwise", RedirectUris = ["https://app.example/cb", "https://other.example/cb"] };

    private static Client Device => Native with
    {
        GrantTypes = [GrantTypeNames.DeviceCode, GrantTypeNames.RefreshToken],
        ResponseTypes = [],
        RedirectUris = [],
    };

    public static TheoryData<string, Client> Valid => new()
    {
        { "web", Web },
        { "worker", Worker },
        { "native", Native },
        { "private_key_jwt with jwks", KeyHolder },
        { "private_key_jwt with jwks_uri", KeyHolder with { Jwks = null, JwksUri = "https://app.example/jwks" } },
        { "private_key_jwt with its algorithm", KeyHolder with { TokenEndpointAuthSigningAlg = "ES256" } },
        { "API that only introspects", Worker with { GrantTypes = [], IntrospectionAudiences = ["https://api.example"] } },
        { "device", Device },
        { "device and code", Web with { GrantTypes = [.. Web.GrantTypes, GrantTypeNames.DeviceCode] } },
        { "post", Web with { TokenEndpointAuthMethod = "client_secret_post" } },
        { "weaker PKCE", Web with { AllowRequestsWithoutPkce = true } },
        { "all addresses", Web with { ClientUri = "https://a.example/", LogoUri = "https://a.example/l.png", PolicyUri = "https://a.example/p", TosUri = "https://a.example/t?x=1" } },
        { "pairwise, one host", Web with { SubjectType = "pairwise", RedirectUris = ["https://app.example/cb", "https://app.example:8443/cb"] } },
        { "pairwise, several hosts", Several with { SectorIdentifierUri = "https://sector.example/uris.json" } },
        { "signed userinfo", Web with { UserinfoSignedResponseAlg = "ES256" } },
        { "request objects", KeyHolder with { RequestObjectSigningAlg = "ES512", RequestUris = ["https://app.example/request.jwt#x", "https://app.example/r?a=b"], RequestUriPrefixes = ["https://app.example/", "https://app.example/requests/"] } },
        { "name in another script", Web with { ClientName = "商店 für Älteres 🛒" } },
    };

    public static TheoryData<string, Client> Invalid => new()
    {
        { "client_id", Web with { ClientId = "" } },
        { "client_id", Web with { ClientId = "a b" } },
        { "client_id", Web with { ClientId = "ä" } },
        { "client_id", Web with { ClientId = new string('a', 101) } },
        { "client_name", Web with { ClientName = "" } },
        { "client_name", Web with { ClientName = "   " } },
        { "client_name", Web with { ClientName = new string('a', 101) } },
        { "client_name", Web with { ClientName = "Bank\u202eelpmaxe" } },
        { "client_name", Web with { ClientName = "Ba\u200bnk" } },
        { "client_name", Web with { ClientName = "Bank\n" } },
        { "client_name", Web with { ClientName = "Bank\ud800" } },
        { "application_type", Web with { ApplicationType = "Web" } },
        { "client_uri", Web with { ClientUri = "http://app.example/" } },
        { "logo_uri", Web with { LogoUri = "javascript:alert(1)" } },
        { "policy_uri", Web with { PolicyUri = "data:text/html,x" } },
        { "tos_uri", Web with { TosUri = "/terms" } },
        { "jwks_uri", KeyHolder with { Jwks = null, JwksUri = "http://app.example/jwks" } },
        { "redirect_uris", Web with { RedirectUris = [] } },
        { "redirect_uris", Web with { RedirectUris = ["https://app.example/cb", "https://app.example/cb"] } },
        { "redirect_uris", Device with { RedirectUris = ["https://app.example/cb"] } },
        { "redirect_uris", Worker with { RedirectUris = ["https://app.example/cb"] } },
        { "redirect_uris", Web with { RedirectUris = [.. Enumerable.Range(0, 101).Select(i => $"https://app.example/{i}")] } },
        { "post_logout_redirect_uris", Web with { PostLogoutRedirectUris = ["https://app.example/#bye"] } },
        { "grant_types", Web with { GrantTypes = ["authorization_code", "refresh_token", "password"] } },
        { "grant_types", Web with { GrantTypes = ["authorization_code", "implicit", "refresh_token"] } },
        { "grant_types", Web with { GrantTypes = ["authorization_code", "refresh_token", "refresh_token"] } },
        { "grant_types", Worker with { GrantTypes = ["client_credentials", "refresh_token"] } },
        { "grant_types", Native with { GrantTypes = ["authorization_code", "refresh_token", "client_credentials"] } },
        { "response_types", Web with { ResponseTypes = ["code", "token"] } },
        { "response_types", Web with { ResponseTypes = [] } },
        { "response_types", Worker with { ResponseTypes = ["code"] } },
        { "token_endpoint_auth_method", Web with { TokenEndpointAuthMethod = "client_secret_jwt" } },
        { "client_secret", Web with { Secrets = [] } },
        { "client_secret", Native with { Secrets = [Secret] } },
        { "client_secret", KeyHolder with { Secrets = [Secret] } },
        { "jwks", KeyHolder with { Jwks = null } },
        { "jwks", KeyHolder with { JwksUri = "https://app.example/jwks" } },
        { "jwks", KeyHolder with { Jwks = "{}" } },
        { "jwks", KeyHolder with { Jwks = """{"keys":[{"kty":"oct","k":"AAAA"}]}""" } },
        { "token_endpoint_auth_signing_alg", KeyHolder with { TokenEndpointAuthSigningAlg = "HS256" } },
        { "token_endpoint_auth_signing_alg", Web with { TokenEndpointAuthSigningAlg = "ES256" } },
        { "id_token_signed_response_alg", Web with { IdTokenSignedResponseAlg = "none" } },
        { "id_token_signed_response_alg", Web with { IdTokenSignedResponseAlg = "HS256" } },
        { "userinfo_signed_response_alg", Web with { UserinfoSignedResponseAlg = "none" } },
        { "subject_type", Web with { SubjectType = "Pairwise" } },
        { "sector_identifier_uri", Several },
        { "sector_identifier_uri", Several with { SectorIdentifierUri = "http://sector.example/uris.json" } },
        { "sector_identifier_uri", Device with { SubjectType = "pairwise" } },
        { "sector_identifier_uri", Native with { SubjectType = "pairwise", RedirectUris = ["com.example.app:/cb"] } },
        { "request_object_signing_alg", KeyHolder with { RequestObjectSigningAlg = "none" } },
        { "request_object_signing_alg", KeyHolder with { RequestObjectSigningAlg = "HS256" } },
        { "request_object_signing_alg", Web with { RequestObjectSigningAlg = "RS256" } },
        { "request_uris", Web with { RequestUris = ["http://app.example/request.jwt"] } },
        { "request_uris", Web with { RequestUris = ["https://app.example/" + new string('a', 493)] } },
        { "request_uris", Web with { RequestUris = ["https://app.example/r", "https://app.example/r"] } },
        { "request_uris", Web with { RequestUris = [.. Enumerable.Range(0, 101).Select(i => $"https://app.example/{i}")] } },
        { "idp_request_uri_prefixes", Web with { RequestUriPrefixes = ["http://app.example/requests/"] } },
        { "idp_request_uri_prefixes", Web with { RequestUriPrefixes = ["https://app.example"] } },
        { "idp_request_uri_prefixes", Web with { RequestUriPrefixes = ["https://app.example/requests"] } },
        { "idp_request_uri_prefixes", Web with { RequestUriPrefixes = ["https://app.example/?a=/"] } },
        { "idp_request_uri_prefixes", Web with { RequestUriPrefixes = ["https://app.example/a/../"] } },
        { "idp_request_uri_prefixes", Web with { RequestUriPrefixes = ["https://app.example/", "https://app.example/"] } },
        { "idp_access_token_lifetime", Web with { AccessTokenLifetime = TimeSpan.FromSeconds(59) } },
        { "idp_access_token_lifetime", Web with { AccessTokenLifetime = TimeSpan.FromSeconds(86401) } },
        { "idp_refresh_token_idle_lifetime", Web with { RefreshTokenIdleLifetime = TimeSpan.FromDays(2), RefreshTokenAbsoluteLifetime = TimeSpan.FromDays(1) } },
        { "idp_refresh_token_absolute_lifetime", Web with { RefreshTokenAbsoluteLifetime = TimeSpan.FromDays(401) } },
        { "default_max_age", Web with { DefaultMaxAge = TimeSpan.FromSeconds(-1) } },
        { "scope", Web with { GrantTypes = ["authorization_code"] } },
        { "scope", Worker with { Scope = ScopeSet.Of("openid") } },
        { "idp_allow_requests_without_pkce", Native with { AllowRequestsWithoutPkce = true } },
        { "idp_allow_requests_without_pkce", Web with { Scope = ScopeSet.Of("orders"), AllowRequestsWithoutPkce = true } },
        { "idp_introspection_audiences", Native with { IntrospectionAudiences = ["https://api.example"] } },
    };

    [Theory]
    [Clause("RFC 6749", "3.1", "Request and response parameters MUST NOT be included more than once.")]
    [InlineData("https://app.example/cb?code=1", true, false)]
    [InlineData("https://app.example/cb?a=b&state", true, true)]
    [InlineData("https://app.example/cb?%73tate=1", true, true)]
    [InlineData("https://app.example/cb?a=b&iss=https://as.example", true, false)]
    [InlineData("https://app.example/cb?error_description=x", true, false)]
    [InlineData("https://app.example/cb?session_state=x", true, false)]
    [InlineData("https://app.example/cb?a=state&State=1&codes=2&=code", false, false)]
    [InlineData("https://app.example/state=1", false, false)]
    [InlineData("https://app.example/cb?", false, false)]
    public void Address_whose_query_has_what_responses_add_is_refused(string uri, bool authorization, bool signOut)
    {
        Assert.Equal(
            authorization ? ["redirect_uris"] : Array.Empty<string>(),
            ClientRules.Validate(Web with { RedirectUris = [uri] }).Select(problem => problem.Member));
        Assert.Equal(
            signOut ? ["post_logout_redirect_uris"] : Array.Empty<string>(),
            ClientRules.Validate(Web with { PostLogoutRedirectUris = [uri] }).Select(problem => problem.Member));
    }

    [Theory]
    [MemberData(nameof(Valid))]
    public void Sound_metadata_has_no_problem(string why, Client client)
    {
        var problems = ClientRules.Validate(client);
        Assert.True(problems.Count == 0, $"{why}: {string.Join(' ', problems)}");
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void Each_mistake_is_told_under_its_member_and_alone(string member, Client client) =>
        Assert.Equal([member], ClientRules.Validate(client).Select(problem => problem.Member));

    [Theory]
    [Clause("OIDC Registration", "2", "id_token_signed_response_alg: ... The default, if omitted, is RS256.")]
    [InlineData(null, null, "id_token_signed_response_alg")]
    [InlineData("ES256", null, "")]
    [InlineData("ES256", "ES384", "")]
    [InlineData("ES256", "RS256", "userinfo_signed_response_alg")]
    public void What_the_ring_does_not_sign_with_cannot_be_registered(string? idToken, string? userInfo, string problem)
    {
        var client = Web with { IdTokenSignedResponseAlg = idToken, UserinfoSignedResponseAlg = userInfo };

        Assert.Equal(problem, string.Join(' ', ClientRules.Validate(client, ["ES256", "ES384"]).Select(one => one.Member)));
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var client = Web with
        {
            ClientName = "",
            RedirectUris = ["https://app.example/*", "javascript:alert(1)"],
            GrantTypes = ["authorization_code", "refresh_token", "password"],
            TokenEndpointAuthMethod = "basic",
        };

        Assert.Equal(
            ["client_name", "redirect_uris", "redirect_uris", "grant_types", "token_endpoint_auth_method"],
            ClientRules.Validate(client).Select(problem => problem.Member));
    }
}
