using System.Text.Json;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Protocol.UserInfo;

namespace IdentityProvider.Protocol.Tests.UserInfo;

public sealed class UserInfoRequestHandlerTests : IDisposable
{
    private readonly Engine _engine = new Engine().WithApis();

    public UserInfoRequestHandlerTests()
    {
        var claims = JsonDocument.Parse("""{"name":"Alice","email":"alice@example.org","phone_number":"+49 1"}""").RootElement;
        _engine.Subjects.Subjects["alice"] = new Subject(
            "alice", claims.EnumerateObject().ToDictionary(claim => claim.Name, claim => claim.Value.Clone(), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("openid", null, "")]
    [InlineData("openid profile", null, "name")]
    [InlineData("openid", """{"userinfo":{"email":null}}""", "email")]
    [InlineData("openid profile", """{"userinfo":{"email":{"essential":true},"unheard_of":null}}""", "name email")]
    [InlineData("openid", """{"id_token":{"email":null}}""", "")]
    public async Task Claims_are_those_of_the_granted_scopes_and_of_the_claims_parameter(string scope, string? claims, string expected)
    {
        _engine.Register(Engine.DefaultClient with { Scope = ScopeSet.Of("openid", "profile", "email", "orders.read") });
        var token = await TokenAsync(("scope", scope), ("claims", claims));

        var response = await HandleAsync(token);

        Assert.Equal("alice", response.Value?.Subject);
        Assert.Equal(expected, string.Join(' ', response.Value!.Claims.Select(claim => claim.Key)));
    }

    [Theory]
    [Clause("OIDC Core", "5.3.2", "If signed, the UserInfo Response MUST contain the Claims iss (issuer) and aud (audience) as members.")]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task Signed_answer_says_by_whom_and_for_whom_and_is_no_id_token(string algorithm)
    {
        var client = Engine.DefaultClient with { UserinfoSignedResponseAlg = algorithm };
        _engine.Register(client);
        var jwt = (await HandleAsync(await TokenAsync(("scope", "openid profile")))).Value!.Signed!;

        var keys = _engine.Get<ISigningKeys>().VerificationKeys;
        var read = JwtReader.Read(jwt, keys, new JwtReadRules([SigningAlgorithm.Find(algorithm)!], ["JWT"]));
        Assert.Equal((Engine.Issuer, "app", "alice"), (read.Jwt!.Issuer, read.Jwt.Audiences[0], read.Jwt.Subject));
        Assert.Equal("Alice", read.Jwt.GetString("name"));
        Assert.Null(_engine.Get<IdTokenHintReader>().Read(jwt));
        Assert.Null(_engine.Get<AccessTokenReader>().Read(jwt));
    }

    [Fact]
    public async Task Token_without_openid_lacks_scope()
    {
        // Without openid the token is for the API alone, so this one belongs to a scope without an API.
        var token = await TokenAsync(("scope", "profile"), ("nonce", null));

        Assert.Equal(ErrorCodes.InsufficientScope, (await HandleAsync(token)).Error?.Code);
    }

    [Fact]
    public async Task Token_for_one_api_alone_is_no_key_to_userinfo()
    {
        var code = await _engine.GetCodeAsync();
        var tokens = (await _engine.RedeemAsync(code, resource: "https://orders.example")).Value!;

        Assert.Equal(ErrorCodes.InvalidToken, (await HandleAsync(tokens.AccessToken)).Error?.Code);
    }

    [Fact]
    public async Task Refresh_and_id_tokens_are_no_access_tokens()
    {
        var tokens = (await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!;

        Assert.Equal(ErrorCodes.InvalidToken, (await HandleAsync(tokens.RefreshToken!)).Error?.Code);
        Assert.Equal(ErrorCodes.InvalidToken, (await HandleAsync(tokens.IdToken!)).Error?.Code);
    }

    [Fact]
    public async Task Expired_token_is_invalid()
    {
        var token = await TokenAsync();
        _engine.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(ErrorCodes.InvalidToken, (await HandleAsync(token)).Error?.Code);
    }

    [Fact]
    public async Task Person_who_is_gone_makes_the_token_invalid()
    {
        var token = await TokenAsync();
        _engine.Subjects.Subjects.Clear();

        Assert.Equal(ErrorCodes.InvalidToken, (await HandleAsync(token)).Error?.Code);
    }

    [Fact]
    public async Task Disabled_client_makes_the_token_invalid()
    {
        var token = await TokenAsync();
        _engine.Register(Engine.DefaultClient with { Enabled = false });

        Assert.Equal(ErrorCodes.InvalidToken, (await HandleAsync(token)).Error?.Code);
    }

    public void Dispose() => _engine.Dispose();

    private Task<Result<UserInfoResponse>> HandleAsync(string token) =>
        _engine.Get<UserInfoRequestHandler>().HandleAsync(token, CancellationToken.None);

    private async Task<string> TokenAsync(params (string Name, string? Value)[] changes)
    {
        var response = await _engine.RedeemAsync(await _engine.GetCodeAsync(changes));
        return response.Value!.AccessToken;
    }
}
