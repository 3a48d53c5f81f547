using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.EndSession;
using IdentityProvider.Protocol.Introspection;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.UserInfo;

namespace IdentityProvider.Protocol.Tests.Subjects;

/// <summary>One person, another <c>sub</c> in every sector, and the same one in everything a client is told: OIDC Core §8.</summary>
public sealed class PairwiseSubjectTests : IDisposable
{
    private static readonly Client Shop = Engine.ConfidentialClient with { ClientId = "shop", SubjectType = SubjectTypes.Pairwise };

    private readonly Engine _engine = new Engine().WithApis();

    public PairwiseSubjectTests()
    {
        var claims = JsonDocument.Parse("""{"name":"Alice"}""").RootElement;
        _engine.Subjects.Subjects["alice"] = new Subject("alice", new Dictionary<string, JsonElement> { ["name"] = claims.GetProperty("name").Clone() });
        _engine.Register(Shop, Engine.DefaultClient);
    }

    private SubjectIdentifiers Subjects => _engine.Get<SubjectIdentifiers>();

    public void Dispose() => _engine.Dispose();

    [Fact]
    [Clause("OIDC Core", "8", "pairwise: This provides a different sub value to each Client, so as not to enable Clients to correlate the End-User's activities without permission.")]
    public void Subject_differs_by_sector_and_person_and_is_the_accounts_id_for_public_clients()
    {
        var subject = Subjects.Of(Shop, "alice");

        Assert.Matches("^[A-Za-z0-9_-]{43}$", subject);
        Assert.Equal(subject, Subjects.Of(Shop with { ClientId = "other" }, "alice"));
        Assert.Equal(subject, Subjects.Of(Shop with { RedirectUris = ["https://app.example:8443/x", "https://app.example/cb"] }, "alice"));
        Assert.Equal(subject, Subjects.Of(Shop with { RedirectUris = ["https://b.example/"], SectorIdentifierUri = "https://app.example/s.json" }, "alice"));
        Assert.NotEqual(subject, Subjects.Of(Shop, "bob"));
        Assert.NotEqual(subject, Subjects.Of(Shop with { RedirectUris = ["https://b.example/"] }, "alice"));
        Assert.NotEqual(subject, Subjects.Of(Shop with { SectorIdentifierUri = "https://b.example/s.json" }, "alice"));
        Assert.Equal("alice", Subjects.Of(Shop with { SubjectType = SubjectTypes.Public }, "alice"));
    }

    [Fact]
    [Clause("OIDC Core", "5.3.2", "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token")]
    public async Task Everything_the_client_is_told_bears_the_same_subject()
    {
        var subject = Subjects.Of(Shop, "alice");
        var first = (await RedeemAsync(("scope", "openid profile orders.read"))).Value!;
        var refreshed = (await _engine.TokenAsync(
            ("grant_type", "refresh_token"), ("client_id", "shop"), ("client_secret", Engine.Secret), ("refresh_token", first.RefreshToken))).Value!;

        foreach (var tokens in new[] { first, refreshed })
        {
            Assert.Equal(subject, Engine.Payload(tokens.IdToken!).GetProperty("sub").GetString());
            Assert.Equal(subject, Engine.Payload(tokens.AccessToken).GetProperty("sub").GetString());
            var info = (await _engine.Get<UserInfoRequestHandler>().HandleAsync(tokens.AccessToken, CancellationToken.None)).Value!;
            Assert.Equal(subject, info.Subject);
            Assert.Equal("name", Assert.Single(info.Claims).Key);
        }

        Assert.Equal(subject, (await IntrospectAsync(refreshed.RefreshToken!)).Subject);
        var logout = _engine.Get<LogoutTokens>().Issue(Shop, "alice", _engine.Session.Id);
        Assert.Equal(subject, Engine.Payload(logout).GetProperty("sub").GetString());
    }

    [Fact]
    [Case(242)]
    public async Task Two_sectors_that_compare_what_they_were_told_find_nothing_in_common()
    {
        var other = Shop with { ClientId = "bank", RedirectUris = ["https://bank.example/cb"] };
        _engine.Register(Shop, other);
        var one = (await RedeemAsync()).Value!;
        var two = (await RedeemAsync(("client_id", "bank"), ("redirect_uri", "https://bank.example/cb"))).Value!;

        // What says nothing of the person: who we are, the times, how one signs in at all, the request's own nonce, scope and API.
        string[] common = ["iss", "exp", "iat", "auth_time", "acr", "amr", "nonce", "scope", "aud"];
        Assert.Equal(Members(one).Select(member => member.Name), Members(two).Select(member => member.Name));
        Assert.Empty(Members(one)
            .Where(member => !common.Contains(member.Name.Split('.')[1], StringComparer.Ordinal))
            .Intersect(Members(two)));
    }

    [Fact]
    public async Task Session_of_a_pairwise_hint_is_known_again_and_told_alike_everywhere()
    {
        var idToken = (await RedeemAsync()).Value!.IdToken!;
        var sid = Engine.Payload(idToken).GetProperty("sid").GetString();
        var handler = _engine.Get<EndSessionRequestHandler>();
        var parameters = RequestParameters.Parse([new("id_token_hint", idToken)]);

        Assert.NotEqual(_engine.Session.Sid, sid);
        Assert.Equal(sid, Engine.Payload(_engine.Get<LogoutTokens>().Issue(Shop, "alice", _engine.Session.Id)).GetProperty("sid").GetString());
        Assert.IsType<EndSessionOutcome.End>(handler.Handle(parameters, _engine.Session, cookieMayBeWithheld: false));
        Assert.IsType<EndSessionOutcome.Ask>(handler.Handle(parameters, _engine.NewSession("alice"), cookieMayBeWithheld: false));
    }

    [Fact]
    public async Task Grant_keeps_the_account_and_no_pairwise_subject()
    {
        await RedeemAsync();

        Assert.Equal("alice", Assert.Single(_engine.Grants.Grants.Values).Subject);
    }

    [Theory]
    [InlineData("alice", Outcomes.Code)]
    [InlineData("bob", EndpointPaths.SignIn)]
    public async Task Hint_and_claims_name_the_person_as_the_client_knows_them(string signedIn, string outcome)
    {
        var hint = (await RedeemAsync()).Value!.IdToken!;
        var session = _engine.NewSession(signedIn);
        var claims = """{"id_token":{"sub":{"value":"SUB"}}}""".Replace("SUB", Subjects.Of(Shop, "alice"), StringComparison.Ordinal);

        Assert.Equal(outcome, await AskAsync(session, ("id_token_hint", hint)));
        Assert.Equal(outcome, await AskAsync(session, ("claims", claims)));
    }

    [Fact]
    public async Task Account_id_means_nobody_to_a_pairwise_client() => Assert.Equal(
        EndpointPaths.SignIn, await AskAsync(_engine.Session, ("claims", """{"id_token":{"sub":{"value":"alice"}}}""")));

    /// <summary>Members of both tokens with their values, as <c>id.sub</c> and <c>access.sub</c>.</summary>
    private static IReadOnlyList<(string Name, string Value)> Members(Protocol.Token.TokenResponse tokens) =>
    [
        .. Engine.Payload(tokens.IdToken!).EnumerateObject().Select(member => ("id." + member.Name, member.Value.ToString())),
        .. Engine.Payload(tokens.AccessToken).EnumerateObject().Select(member => ("access." + member.Name, member.Value.ToString())),
    ];

    private static string? ValueOf((string Name, string? Value)[] changes, string name) =>
        Array.Find(changes, change => change.Name == name).Value;

    private Task<string> AskAsync(Sessions.Session session, params (string Name, string? Value)[] changes) =>
        _engine.AuthorizeAsync(Engine.Request([("client_id", "shop"), .. changes]), session).WordAsync();

    private async Task<Result<Protocol.Token.TokenResponse>> RedeemAsync(params (string Name, string? Value)[] changes) => await _engine.TokenAsync(
        ("grant_type", "authorization_code"),
        ("client_id", ValueOf(changes, "client_id") ?? "shop"),
        ("client_secret", Engine.Secret),
        ("code", await _engine.GetCodeAsync([("client_id", "shop"), .. changes])),
        ("redirect_uri", ValueOf(changes, "redirect_uri") ?? Engine.Callback),
        ("code_verifier", Engine.Verifier));

    private async Task<IntrospectionResponse> IntrospectAsync(string token) =>
        (await _engine.Get<IntrospectionRequestHandler>().HandleAsync(
            new ClientCredentials
            {
                Parameters = RequestParameters.Parse([new("client_id", "shop"), new("client_secret", Engine.Secret), new("token", token)]),
            },
            CancellationToken.None)).Value!;
}
