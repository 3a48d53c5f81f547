using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Token;

public sealed class AuthorizationCodeGrantTypeTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Fact]
    public async Task Code_gives_access_refresh_and_id_token()
    {
        var answer = await _engine.RedeemAsync(await _engine.GetCodeAsync());

        var response = answer.Value!;
        var access = Engine.Payload(response.AccessToken);
        Assert.Equal("alice", access.GetProperty("sub").GetString());
        Assert.Equal("app", access.GetProperty("client_id").GetString());
        Assert.Equal(["https://orders.example", "https://id.example"], access.GetProperty("aud").EnumerateArray().Select(value => value.GetString()));
        Assert.Equal("n-0S6_WzA2Mj", Engine.Payload(response.IdToken!).GetProperty("nonce").GetString());
        Assert.Equal("openid orders.read", response.Scope.ToString());
        Assert.NotNull(response.RefreshToken);
    }

    [Theory]
    [Case(68)]
    [InlineData(1)]
    [InlineData(30)]
    [Clause("RFC 6749", "4.1.2", "If an authorization code is used more than once, the authorization server MUST deny the request")]
    public async Task Code_used_twice_is_refused_and_revokes_what_it_gave(int secondsLater)
    {
        var code = await _engine.GetCodeAsync();
        var first = await _engine.RedeemAsync(code);
        _engine.Clock.Advance(TimeSpan.FromSeconds(secondsLater));

        var second = await _engine.RedeemAsync(code);

        Assert.Equal("invalid_grant", second.Error!.Code);
        Assert.Equal("invalid_grant", (await _engine.RefreshAsync(first.Value!.RefreshToken!)).Error!.Code);
        Assert.True(await _engine.Grants.IsRevokedAsync(_engine.Grants.Grants.Values.Single().Status, CancellationToken.None));
        Assert.Contains(_engine.Audit.Events, entry => entry.Type == AuditEventTypes.CodeReplayed);
    }

    [Fact]
    public async Task Of_many_callers_with_one_code_one_wins()
    {
        var code = await _engine.GetCodeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => _engine.RedeemAsync(code))));

        Assert.Single(answers, answer => answer.Succeeded);
        Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("invalid_grant", answer.Error!.Code));
    }

    [Fact]
    [Case(70)]
    public async Task Code_of_another_client_is_refused_spent_and_audited()
    {
        _engine.Register(Engine.DefaultClient, Engine.DefaultClient with { ClientId = "other" });
        var code = await _engine.GetCodeAsync();

        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code, clientId: "other")).Error!.Code);
        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code)).Error!.Code);
        Assert.Contains(_engine.Audit.Events, entry => entry.Type == AuditEventTypes.CodeMisused && entry.ClientId == "other");
    }

    [Fact]
    [Case(71)]
    public async Task Code_lives_sixty_seconds()
    {
        var inTime = await _engine.GetCodeAsync();
        var late = await _engine.GetCodeAsync();
        _engine.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.True((await _engine.RedeemAsync(inTime)).Succeeded);

        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(late)).Error!.Code);
    }

    [Theory]
    [Case(62)]
    [Case(64)]
    [InlineData(null)]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjX+")]
    public async Task Missing_or_wrong_verifier_is_invalid_grant_and_spends_the_code(string? verifier)
    {
        var code = await _engine.GetCodeAsync();

        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code, verifier)).Error!.Code);
        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code)).Error!.Code);
    }

    [Fact]
    [Case(65)]
    [Clause("RFC 9700", "2.1.1", "a token request containing a code_verifier parameter is accepted only if a code_challenge parameter was present")]
    public async Task Verifier_without_challenge_is_refused()
    {
        var secret = new ClientSecret(System.Security.Cryptography.SHA256.HashData("s"u8), ExpiresAt: null);
        _engine.Register(Engine.DefaultClient with
        {
            TokenEndpointAuthMethod = ClientAuthenticationMethods.ClientSecretPost,
            Secrets = [secret],
            AllowRequestsWithoutPkce = true,
        });
        var code = await _engine.GetCodeAsync(("code_challenge", null), ("code_challenge_method", null));

        var answer = await _engine.TokenAsync(
            ("grant_type", "authorization_code"),
            ("client_id", "app"),
            ("client_secret", "s"),
            ("code", code),
            ("redirect_uri", Engine.Callback),
            ("code_verifier", Engine.Verifier));

        Assert.Equal("invalid_grant", answer.Error!.Code);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("https://app.example/cb/")]
    [Clause("RFC 6749", "4.1.3", "their values MUST be identical")]
    public async Task Redirect_uri_must_be_repeated_exactly(string? redirectUri)
    {
        var code = await _engine.GetCodeAsync();

        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code, redirectUri: redirectUri)).Error!.Code);
    }

    [Fact]
    [Case(74)]
    public async Task Code_dies_with_its_session()
    {
        var code = await _engine.GetCodeAsync();
        _engine.Grants.EndedSessions.Add(_engine.Session.Id);

        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code)).Error!.Code);
        Assert.Empty(_engine.Grants.Grants);
    }

    [Fact]
    [Case(74)]
    public async Task Code_dies_with_the_consent_it_rests_on()
    {
        _engine.Register(Engine.DefaultClient with { RequireConsent = true });
        var now = _engine.Clock.GetUtcNow();
        await _engine.Consents.AllowAsync("alice", "app", ScopeSet.Of("openid", "orders.read"), now, CancellationToken.None);
        var code = await _engine.GetCodeAsync();
        await _engine.Consents.WithdrawAsync("alice", "app");

        Assert.Equal("invalid_grant", (await _engine.RedeemAsync(code)).Error!.Code);
    }

    [Theory]
    [Case(74)]
    [InlineData("openid orders.read", null, "openid orders.read", true)]
    [InlineData("openid orders.read", null, "openid", false)]
    [InlineData("openid", """{"userinfo":{"name":null}}""", "openid profile", true)]
    [InlineData("openid", """{"userinfo":{"name":null}}""", "openid", false)]
    public async Task Code_dies_with_a_consent_that_is_given_again_for_less(string scope, string? claims, string again, bool isGiven)
    {
        _engine.Register(Engine.DefaultClient with { RequireConsent = true });
        var now = _engine.Clock.GetUtcNow();
        await _engine.Consents.AllowAsync("alice", "app", ScopeSet.Of("openid", "orders.read", "profile"), now, CancellationToken.None);
        var code = await _engine.GetCodeAsync(("scope", scope), ("claims", claims));
        await _engine.Consents.WithdrawAsync("alice", "app");
        await _engine.Consents.AllowAsync("alice", "app", ScopeSet.TryParse(again)!, now, CancellationToken.None);

        Assert.Equal(isGiven ? null : "invalid_grant", (await _engine.RedeemAsync(code)).Error?.Code);
    }

    [Fact]
    public async Task Client_without_the_refresh_grant_type_gets_no_refresh_token()
    {
        _engine.Register(Engine.DefaultClient with { GrantTypes = [GrantTypeNames.AuthorizationCode] });

        Assert.Null((await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!.RefreshToken);
    }

    [Fact]
    [Clause("RFC 8707", "2.2", "the authorization server should audience-restrict the token to the resource")]
    public async Task Resource_of_the_token_request_narrows_audience_and_scope()
    {
        var code = await _engine.GetCodeAsync();

        var answer = await _engine.RedeemAsync(code, resource: "https://orders.example");

        Assert.Equal("https://orders.example", Engine.Payload(answer.Value!.AccessToken).GetProperty("aud").GetString());
        Assert.Equal("orders.read", answer.Value.Scope.ToString());
        Assert.NotNull(answer.Value.IdToken);
    }

    [Theory]
    [InlineData("https://unknown.example")]
    [InlineData("https://stock.example")]
    public async Task Resource_that_is_not_the_clients_is_invalid_target(string resource)
    {
        var code = await _engine.GetCodeAsync();

        Assert.Equal("invalid_target", (await _engine.RedeemAsync(code, resource: resource)).Error!.Code);
    }

    [Fact]
    [Case(167)]
    public async Task Ordinary_access_token_stays_below_two_kilobytes()
    {
        var answer = await _engine.RedeemAsync(await _engine.GetCodeAsync(("scope", "openid profile offline_access orders.read orders.write")));

        Assert.InRange(answer.Value!.AccessToken.Length, 200, 2047);
        Assert.InRange(answer.Value.IdToken!.Length, 200, 2047);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task Junk_is_not_a_code(string code)
    {
        var expected = code.Length == 0 ? "invalid_request" : "invalid_grant";

        Assert.Equal(expected, (await _engine.RedeemAsync(code)).Error!.Code);
        Assert.Empty(_engine.Grants.Grants);
    }
}
