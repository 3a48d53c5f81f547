using IdentityProvider.Server.Tests.Composition.Settings;

namespace IdentityProvider.Server.Tests.Declared;

public sealed class DeclaredRulesTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(
        """{ "Clients": [ { "client_id": "w", "client_secret": "a-secret-of-more-than-24-characters", "grant_types": ["client_credentials"], "scope": "orders.raed" } ], "Scopes": [ { "name": "orders.read" } ] }""",
        "Clients:w:scope (1.json): orders.raed is not a declared scope; did you mean orders.read?")]
    [InlineData(
        """{ "Clients": [ { "client_id": "w", "client_secret": "a-secret-of-more-than-24-characters", "grant_types": [], "idp_introspection_audiences": ["https://api.exmple"] } ], "Resources": [ { "identifier": "https://api.example" } ] }""",
        "Clients:w:idp_introspection_audiences (1.json): https://api.exmple is not a declared resource; did you mean https://api.example?")]
    [InlineData(
        """{ "Clients": [ { "client_id": "w", "client_secret": "short", "grant_types": ["client_credentials"] } ] }""",
        "Clients:w:client_secret (1.json): must have at least 24 characters; better 43 random ones of base64url (256 bits).")]
    [InlineData(
        """{ "Clients": [ { "client_id": "w", "client_secret": "a-secret-of-more-than-24-characters", "idp_client_secrets": [ { "sha256": "abc" } ], "grant_types": ["client_credentials"] } ] }""",
        "Clients:w:idp_client_secrets (1.json): sha256 must be 64 hexadecimal digits.")]
    [InlineData(
        """{ "Clients": [ { "client_id": "w", "client_secret": "a-secret-of-more-than-24-characters", "grant_types": ["client_credentials"], "scope": "a\"b" } ] }""",
        "Clients:w:scope (1.json): must be at most 100 scope values separated by spaces (RFC 6749 §3.3).")]
    [InlineData("""{ "Scopes": [ { "name": "a b" } ] }""", "Scopes:a b:name (1.json): must be 1 to 100 characters of RFC 6749 §3.3: printable ASCII without space, quote and backslash.")]
    [InlineData("""{ "Scopes": [ { "name": "openid" } ] }""", "Scopes:openid:name (1.json): is a scope of OpenID Connect, which exists without being declared.")]
    [InlineData("""{ "Resources": [ { "identifier": "orders" } ] }""", "Resources:orders:identifier (1.json): must be an absolute URI without fragment (RFC 8707 §2).")]
    [InlineData("""{ "Resources": [ { "identifier": "https://a.example/#x" } ] }""", "Resources:https://a.example/#x:identifier (1.json): must be an absolute URI without fragment (RFC 8707 §2).")]
    [InlineData("""{ "Resources": [ { "identifier": "https://a.example", "scopes": ["x"] } ] }""", "Resources:https://a.example:scopes (1.json): x is not a declared scope.")]
    [InlineData("""{ "Resources": [ { "identifier": "https://a.example", "access_token_signing_alg": "HS256" } ] }""", "Resources:https://a.example:access_token_signing_alg (1.json): must be one of RS256, ES256, PS256.")]
    [InlineData("""{ "Accounts": [ { "user_name": "a b" } ] }""", "Accounts:a b:user_name (1.json): must be 1 to 256 printable ASCII characters without spaces.")]
    [InlineData("""{ "Accounts": [ { "user_name": "a", "email": "nobody" } ] }""", "Accounts:a:email (1.json): must be a mail address.")]
    [InlineData("""{ "Accounts": [ { "user_name": "a", "email_verified": true } ] }""", "Accounts:a:email_verified (1.json): contradicts the missing email.")]
    public void A_mistake_in_a_declared_object_names_its_place(string declared, string problem)
    {
        _folder.Section($$"""{ "Declared": {{declared}} }""").LoadForDevelopment();

        Assert.Equal(["IdentityProvider:Declared:" + problem], _folder.Problems);
    }

    [Theory]
    [InlineData("too short", "must have at least 15 characters.")]
    [InlineData("password12345password", "is one that guessers try first.")]
    public void Outside_Development_a_declared_password_must_be_a_good_one(string password, string problem)
    {
        _folder.Section($$"""{ "Declared": { "Accounts": [ { "user_name": "admin", "password": "{{password}}" } ] } }""").Load();

        Assert.Contains($"IdentityProvider:Declared:Accounts:admin:password (1.json): {problem}", _folder.Problems);
    }
}
