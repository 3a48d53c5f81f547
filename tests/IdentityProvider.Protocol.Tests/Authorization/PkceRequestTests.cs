using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>The authorization request's half of PKCE: RFC 7636 §4.2 to §4.4, RFC 9700 §2.1.1.</summary>
public sealed class PkceRequestTests : IDisposable
{
    private const string Challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static readonly Client Weaker = Engine.ConfidentialClient with { AllowRequestsWithoutPkce = true };

    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [Theory]
    [Case(61)]
    [Clause("RFC 7636", "4.2", "code-challenge = 43*128unreserved; S256 gives BASE64URL-ENCODE(SHA256(ASCII(code_verifier)))")]
    [InlineData(Challenge, Outcomes.Code)]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cMM", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c=", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw/cM", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw.cM", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw~cM", "invalid_request")]
    [InlineData("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw cM", "invalid_request")]
    [InlineData("É9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "invalid_request")]
    [InlineData(Challenge + Challenge + Challenge, "invalid_request")]
    public async Task Challenge_is_exactly_what_s256_gives(string challenge, string expected) =>
        Assert.Equal(expected, await _engine.AuthorizeAsync(("code_challenge", challenge)).WordAsync());

    [Theory]
    [Clause("RFC 7636", "4.3", "code_challenge_method: OPTIONAL, defaults to plain if not present in the request")]
    [InlineData(null)]
    [InlineData("plain")]
    [InlineData("s256")]
    [InlineData("S512")]
    public async Task Plain_is_refused_said_or_unsaid(string? method)
    {
        _engine.Register(Engine.DefaultClient, Weaker with { ClientId = "weaker" });

        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("code_challenge_method", method)).WordAsync());
        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("client_id", "weaker"), ("code_challenge_method", method)).WordAsync());
    }

    [Theory]
    [Case(58)]
    [Case(59)]
    [Clause("RFC 7636", "4.4.1", "If the server requires Proof Key for Code Exchange ... and the client does not send the code_challenge in the request, the authorization endpoint MUST return the authorization error response with the error value set to invalid_request.")]
    [Clause("RFC 9700", "2.1.1", "Public clients MUST use PKCE ... For confidential clients, the use of PKCE is RECOMMENDED")]
    [InlineData("public", "openid orders.read", "invalid_request")]
    [InlineData("public-weaker", "openid orders.read", "invalid_request")]
    [InlineData("confidential", "openid orders.read", "invalid_request")]
    [InlineData("confidential-weaker", "orders.read", "invalid_request")]
    [InlineData("confidential-weaker", "openid orders.read", Outcomes.Code)]
    public async Task Only_a_confidential_openid_client_registered_so_may_leave_it_out(string clientId, string scope, string expected)
    {
        _engine.Register(
            Engine.DefaultClient with { ClientId = "public" },
            Engine.DefaultClient with { ClientId = "public-weaker", AllowRequestsWithoutPkce = true },
            Engine.ConfidentialClient with { ClientId = "confidential" },
            Weaker with { ClientId = "confidential-weaker" });

        var outcome = _engine.AuthorizeAsync(("client_id", clientId), ("scope", scope), ("code_challenge", null), ("code_challenge_method", null));

        Assert.Equal(expected, await outcome.WordAsync());
    }

    [Fact]
    public async Task Method_without_a_challenge_is_a_lost_challenge()
    {
        _engine.Register(Weaker);

        Assert.Equal("invalid_request", await _engine.AuthorizeAsync(("code_challenge", null)).WordAsync());
    }

    [Theory]
    [Clause("RFC 9700", "2.1.1", "If a client sends a valid PKCE code_challenge parameter in the authorization request, the authorization server MUST enforce the correct usage of code_verifier at the token endpoint.")]
    [InlineData(Engine.Verifier, true)]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXX", false)]
    [InlineData(null, false)]
    public async Task Challenge_that_was_sent_is_enforced_even_where_it_was_not_needed(string? verifier, bool accepted)
    {
        _engine.Register(Weaker);

        var answer = await _engine.TokenAsync(
            ("grant_type", "authorization_code"),
            ("client_id", "app"),
            ("client_secret", Engine.Secret),
            ("code", await _engine.GetCodeAsync()),
            ("redirect_uri", Engine.Callback),
            ("code_verifier", verifier));

        Assert.Equal(accepted ? null : "invalid_grant", answer.Error?.Code);
    }
}
