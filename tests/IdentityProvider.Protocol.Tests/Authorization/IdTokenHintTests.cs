using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tests.Jose;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>Who must be signed in: <c>id_token_hint</c> and a <c>sub</c> asked by value (OIDC Core §3.1.2.1 and §3.1.2.2).</summary>
public sealed class IdTokenHintTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    private async Task<(string IdToken, string AccessToken)> TokensAsync()
    {
        var answer = await _engine.RedeemAsync(await _engine.GetCodeAsync());
        return (answer.Value!.IdToken!, answer.Value.AccessToken);
    }

    private Task<string> AskAsync(string hint, Session? session, string? prompt = null) =>
        _engine.AuthorizeAsync(Engine.Request(("id_token_hint", hint), ("prompt", prompt)), session).WordAsync();

    [Theory]
    [Case(16)]
    [Clause("OIDC Core", "3.1.2.1", "If the End-User identified by the ID Token is already logged in or is logged in as a result of the request ... then the Authorization Server returns a positive response; otherwise, it MUST return an error, such as login_required.")]
    [InlineData("alice", Outcomes.Code, Outcomes.Code)]
    [InlineData("bob", "login_required", EndpointPaths.SignIn)]
    [InlineData(null, "login_required", EndpointPaths.SignIn)]
    public async Task Only_the_person_of_the_hint_gets_on(string? signedIn, string silent, string loud)
    {
        var (idToken, _) = await TokensAsync();
        var session = signedIn is null ? null : _engine.NewSession(signedIn);

        Assert.Equal(silent, await AskAsync(idToken, session, "none"));
        Assert.Equal(loud, await AskAsync(idToken, session));
    }

    [Fact]
    [Case(16)]
    [Clause("OIDC Core", "3.1.2.2", "The Authorization Server MUST NOT reply with an ID Token or Access Token for a different user, even if they have an active session")]
    public async Task Another_person_who_signs_in_is_told_to_the_client_and_not_asked_for_ever()
    {
        var (idToken, _) = await TokensAsync();
        var pending = await _engine.AuthorizeAsync(Engine.Request(("id_token_hint", idToken)), session: null).PendingAsync();

        var bob = _engine.NewSession("bob");
        Assert.Equal("login_required", await _engine.ReturnAsync(pending.After(bob), bob).WordAsync());
        Assert.Equal(Outcomes.Code, await _engine.ReturnAsync(pending, _engine.NewSession("alice")).WordAsync());
    }

    [Fact]
    [Case(409)]
    public async Task Hint_that_has_expired_still_tells_who_was_meant()
    {
        var (idToken, _) = await TokensAsync();
        _engine.Clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(Outcomes.Code, await AskAsync(idToken, _engine.Session, "none"));
    }

    [Fact]
    [Case(148)]
    [Case(167)]
    [Clause("RFC 8725", "3.12", "Use Mutually Exclusive Validation Rules for Different Kinds of JWTs")]
    public async Task Access_token_is_no_hint() =>
        Assert.Equal("invalid_request", await AskAsync((await TokensAsync()).AccessToken, _engine.Session));

    [Fact]
    public async Task Id_token_of_another_client_is_no_hint()
    {
        _engine.Register(Engine.DefaultClient, Engine.DefaultClient with { ClientId = "other" });
        var (idToken, _) = await TokensAsync();

        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("client_id", "other"), ("id_token_hint", idToken)).WordAsync());
    }

    [Theory]
    [InlineData("junk")]
    [InlineData("..")]
    [InlineData("a.b.c")]
    [InlineData("äöü")]
    public async Task Junk_is_no_hint(string hint) => Assert.Equal("invalid_request", await AskAsync(hint, _engine.Session));

    [Fact]
    [Case(139)]
    [Case(164)]
    public async Task Hint_that_is_not_wholly_ours_is_no_hint()
    {
        var signer = _engine.Get<ISigningKeys>().GetSigner(SigningAlgorithm.RS256);
        const string Payload = """{"iss":"https://id.example","sub":"alice","aud":"app","exp":9999999999}""";
        string[] forged =
        [
            TestTokens.Encode("""{"alg":"none","typ":"JWT"}""") + "." + TestTokens.Encode(Payload) + ".",
            JwtWriter.Write(TestCredentials.Es256, "JWT", """{"iss":"https://id.example","sub":"alice","aud":"app","exp":9999999999}"""u8),
            JwtWriter.Write(signer, "JWT", """{"iss":"https://id.example/","sub":"alice","aud":"app","exp":9999999999}"""u8),
            JwtWriter.Write(signer, "JWT", """{"iss":"https://id.example","aud":"app","exp":9999999999}"""u8),
            JwtWriter.Write(signer, "JWT", """{"iss":"https://id.example","sub":"","aud":"app","exp":9999999999}"""u8),
            JwtWriter.Write(signer, "JWT", """{"iss":"https://id.example","sub":"alice","exp":9999999999}"""u8),
            JwtWriter.Write(signer, "logout+jwt", """{"iss":"https://id.example","sub":"alice","aud":"app","exp":9999999999}"""u8),
        ];

        Assert.Equal(Outcomes.Code, await AskAsync(JwtWriter.Write(signer, "JWT", """{"iss":"https://id.example","sub":"alice","aud":"app","exp":9999999999}"""u8), _engine.Session));
        foreach (var hint in forged)
        {
            Assert.Equal("invalid_request", await AskAsync(hint, _engine.Session));
        }
    }

    [Theory]
    [Clause("OIDC Core", "3.1.2.2", "If the sub Claim is requested with a specific value for the ID Token, the Authorization Server MUST only send a positive response if the End-User identified by that sub value has an active session")]
    [InlineData("alice", Outcomes.Code, Outcomes.Code)]
    [InlineData("bob", "login_required", EndpointPaths.SignIn)]
    public async Task Sub_asked_by_value_is_who_must_be_signed_in(string subject, string silent, string loud)
    {
        var claims = """{"id_token":{"sub":{"value":"X"}}}""".Replace("X", subject, StringComparison.Ordinal);

        Assert.Equal(silent, await _engine.AuthorizeAsync(("claims", claims), ("prompt", "none")).WordAsync());
        Assert.Equal(loud, await _engine.AuthorizeAsync(("claims", claims)).WordAsync());
    }

    [Fact]
    public async Task Hint_and_claims_that_ask_for_two_people_contradict_each_other()
    {
        var (idToken, _) = await TokensAsync();

        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(
            ("id_token_hint", idToken), ("claims", """{"id_token":{"sub":{"value":"bob"}}}""")).WordAsync());
        Assert.Equal(Outcomes.Code, await _engine.AuthorizeAsync(
            ("id_token_hint", idToken), ("claims", """{"id_token":{"sub":{"value":"alice"}}}""")).WordAsync());
    }
}
