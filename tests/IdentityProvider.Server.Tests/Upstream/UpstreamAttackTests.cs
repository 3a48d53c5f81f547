using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Upstream;

/// <summary>A provider that lies, a browser that is somebody else's, an attacker in between: nothing changes here.</summary>
public sealed class UpstreamAttackTests(UpstreamFixture upstream) : IClassFixture<UpstreamFixture>, IDisposable
{
    private readonly Browser _browser = upstream.Server.NewBrowser();
    private readonly string _subject = "victim-" + Guid.NewGuid().ToString("N");

    public static TheoryData<string, string> Lies => new()
    {
        { "iss", "\"https://evil.example\"" },
        { "iss", "null" },
        { "aud", "\"another\"" },
        { "aud", "[\"hosted\",\"another\"]" },
        { "aud", "null" },
        { "azp", "\"another\"" },
        { "nonce", "\"another\"" },
        { "nonce", "null" },
        { "exp", "1000" },
        { "exp", "null" },
        { "iat", "null" },
        { "iat", "1000" },
        { "iat", "99999999999" },
        { "nbf", "99999999999" },
        { "sub", "\"\"" },
        { "sub", "null" },
        { "sub", "\"ümlaut\"" },
        { "sub", "[\"victim\"]" },
        { "at_hash", "\"AAAAAAAAAAAAAAAAAAAAAA\"" },
    };

    public void Dispose()
    {
        (upstream.Acme.ChangesIdToken, upstream.Acme.Signs, upstream.Acme.IgnoresVerifier, upstream.Acme.ChangesMetadata) = (null, null, false, null);
        _browser.Dispose();
    }

    [Theory]
    [MemberData(nameof(Lies))]
    [Case(328)]
    [Clause("OIDC Core", "3.1.3.7", "ID Token validation: iss, aud, azp, exp, iat, nonce")]
    public async Task An_id_token_that_is_not_for_us_now_is_refused(string claim, string value)
    {
        upstream.Acme.ChangesIdToken = claims =>
        {
            if (JsonNode.Parse(value) is { } node)
            {
                claims[claim] = node;
            }
            else
            {
                claims.Remove(claim);
            }
        };

        await AssertRefusedAsync(await upstream.SignInAsync(_browser, "acme", _subject));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("HS256 with the public key")]
    [InlineData("HS256 with the client secret")]
    [InlineData("RS256, which is not pinned")]
    [InlineData("another key under the same kid")]
    [InlineData("a key in the header")]
    [InlineData("an access token")]
    [Case(328)]
    [Clause("RFC 8725", "3.1", "Libraries MUST enable the caller to specify a supported set of algorithms and MUST NOT use any other algorithms")]
    public async Task An_id_token_that_is_not_signed_as_agreed_is_refused(string how)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var rsa = SigningCredential.Create(SigningAlgorithm.RS256, "k1");
        using var forged = SigningCredential.Create(SigningAlgorithm.ES256, "k1");
        upstream.Acme.Signs = payload => how switch
        {
            "none" => Join("""{"alg":"none"}""", payload) + ".",
            "HS256 with the public key" => Hmac("""{"alg":"HS256","kid":"k1"}""", payload, upstream.Acme.Jwk()),
            "HS256 with the client secret" => Hmac("""{"alg":"HS256"}""", payload, Encoding.UTF8.GetBytes(FakeProvider.Secret)),
            "RS256, which is not pinned" => JwtWriter.Write(rsa, "JWT", Encoding.UTF8.GetBytes(payload)),
            "another key under the same kid" => JwtWriter.Write(forged, "JWT", Encoding.UTF8.GetBytes(payload)),
            "a key in the header" => Embedded(key, payload),
            _ => JwtWriter.Write(upstream.Acme.Key, "at+jwt", Encoding.UTF8.GetBytes(payload)),
        };

        await AssertRefusedAsync(await upstream.SignInAsync(_browser, "acme", _subject));
    }

    [Fact]
    [Case(328)]
    [Clause("OIDC Core", "5.3.2", "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token")]
    public async Task Userinfo_of_somebody_else_is_refused()
    {
        upstream.Other.UserInfo = new JsonObject { ["sub"] = "alice" };

        Assert.Equal(400, (await upstream.SignInAsync(_browser, "closed", _subject)).Status);
        Assert.Null(_browser.SessionCookie());
    }

    [Fact]
    [Case(338)]
    public async Task A_group_claim_of_ten_thousand_entries_is_not_read()
    {
        upstream.Acme.ChangesIdToken = claims => claims["groups"] = new JsonArray([.. Enumerable.Range(0, 10_000).Select(number => JsonValue.Create("group-" + number))]);

        await AssertRefusedAsync(await upstream.SignInAsync(_browser, "acme", _subject));
    }

    [Fact]
    [Case(338)]
    public async Task Roles_and_groups_of_a_provider_are_nothing_here()
    {
        await upstream.SignInAsync(_browser, "acme", _subject, ("roles", new JsonArray("admin")), ("groups", new JsonArray("admin")));

        Assert.Null((await upstream.WhoAsync(_browser))!.Claims);
    }

    [Fact]
    [Case(326)]
    [Clause("RFC 9700", "4.7", "prevent CSRF: state bound to the user agent")]
    public async Task An_answer_without_state_or_with_that_of_another_browser_is_refused()
    {
        using var attacker = upstream.Server.NewBrowser();
        await attacker.GoAsync("/signin");
        var theirs = upstream.Acme.Agree(await UpstreamFixture.PressAsync(attacker, "acme"), _subject);
        await _browser.GoAsync("/signin");
        await UpstreamFixture.PressAsync(_browser, "acme");
        var requests = upstream.Acme.TokenRequests.Count;

        foreach (var address in new[] { theirs, theirs.Replace("state=", "x=", StringComparison.Ordinal), theirs + "&state=again" })
        {
            await AssertRefusedAsync(await _browser.GoAsync(address));
        }

        Assert.Equal(requests, upstream.Acme.TokenRequests.Count);
    }

    [Fact]
    [Case(326)]
    public async Task An_answer_is_taken_once()
    {
        await _browser.GoAsync("/signin");
        var request = await UpstreamFixture.PressAsync(_browser, "acme");
        var cookies = _browser.Cookies.GetAllCookies().Where(cookie => cookie.Name.StartsWith("__Host-idp-upstream-", StringComparison.Ordinal)).ToList();
        var answer = upstream.Acme.Agree(request, _subject);
        await _browser.GoAsync(answer);
        Assert.Equal("/account", _browser.Address.AbsolutePath);
        var requests = upstream.Acme.TokenRequests.Count;

        var again = await _browser.GoAsync(answer);
        cookies.ForEach(cookie => _browser.SetCookie(cookie.Name, cookie.Value));
        var withTheCookie = await _browser.GoAsync(answer);

        Assert.Equal((400, 400), (again.Status, withTheCookie.Status));
        Assert.Equal(requests, upstream.Acme.TokenRequests.Count);
    }

    [Fact]
    [Case(326)]
    public async Task An_answer_that_comes_too_late_is_refused()
    {
        await _browser.GoAsync("/signin");
        var answer = upstream.Acme.Agree(await UpstreamFixture.PressAsync(_browser, "acme"), _subject);
        upstream.Server.Clock.Advance(TimeSpan.FromMinutes(10));

        await AssertRefusedAsync(await _browser.GoAsync(answer));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Case(326)]
    [Clause("RFC 9700", "4.5.3", "PKCE and nonce: a code that is injected into another session is refused")]
    public async Task An_injected_code_is_of_no_use(bool ignoresPkce)
    {
        upstream.Acme.IgnoresVerifier = ignoresPkce;
        using var attacker = upstream.Server.NewBrowser();
        await attacker.GoAsync("/signin");
        var stolen = Flows.Parameters(new Uri(upstream.Acme.Agree(await UpstreamFixture.PressAsync(attacker, "acme"), _subject)))["code"];
        await _browser.GoAsync("/signin");
        var request = await UpstreamFixture.PressAsync(_browser, "acme");

        await AssertRefusedAsync(await _browser.GoAsync(FakeProvider.Answer(request, ("code", stolen), ("iss", upstream.Acme.Issuer))));
    }

    [Fact]
    [Clause("RFC 9700", "4.4.2", "mix-up: distinct redirect URIs, and iss")]
    public async Task An_answer_at_the_redirect_uri_of_another_provider_is_refused()
    {
        await _browser.GoAsync("/signin");
        var answer = upstream.Acme.Agree(await UpstreamFixture.PressAsync(_browser, "acme"), _subject);
        var requests = upstream.Other.TokenRequests.Count;

        await AssertRefusedAsync(await _browser.GoAsync(answer.Replace("/acme/", "/other/", StringComparison.Ordinal)));

        Assert.Equal(requests, upstream.Other.TokenRequests.Count);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("slash")]
    [InlineData("twice")]
    [InlineData(null)]
    [Clause("RFC 9207", "2.4", "If the value does not match the expected issuer identifier, clients MUST reject the authorization response")]
    public async Task An_answer_that_names_another_issuer_or_none_is_refused_before_the_code_is_sent_anywhere(string? issuer)
    {
        await _browser.GoAsync("/signin");
        var request = await UpstreamFixture.PressAsync(_browser, "acme");
        var code = Flows.Parameters(new Uri(upstream.Acme.Agree(request, _subject)))["code"];
        var requests = upstream.Acme.TokenRequests.Count;
        (string, string?)[] named = issuer switch
        {
            "other" => [("iss", upstream.Other.Issuer)],
            "slash" => [("iss", upstream.Acme.Issuer + "/")],
            "twice" => [("iss", upstream.Acme.Issuer), ("iss", upstream.Acme.Issuer)],
            _ => [],
        };

        await AssertRefusedAsync(await _browser.GoAsync(FakeProvider.Answer(request, [("code", code), .. named])));

        Assert.Equal(requests, upstream.Acme.TokenRequests.Count);
    }

    [Fact]
    public async Task The_same_subject_at_another_provider_is_somebody_else()
    {
        using var second = upstream.Server.NewBrowser();
        await upstream.SignInAsync(_browser, "acme", _subject);
        await upstream.SignInAsync(second, "other", _subject);

        var (first, other) = (await upstream.WhoAsync(_browser), await upstream.WhoAsync(second));

        Assert.NotNull(first);
        Assert.NotNull(other);
        Assert.NotEqual(first.Id, other.Id);
    }

    [Fact]
    public async Task Unknown_keys_are_looked_for_once_a_minute_and_no_more()
    {
        using var forged = SigningCredential.Create(SigningAlgorithm.ES256, "k2");
        upstream.Acme.Signs = payload => JwtWriter.Write(forged, "JWT", Encoding.UTF8.GetBytes(payload));
        await upstream.SignInAsync(_browser, "acme", _subject);
        var fetches = upstream.Acme.KeyFetches;

        for (var i = 0; i < 5; i++)
        {
            await AssertRefusedAsync(await upstream.SignInAsync(_browser, "acme", _subject));
        }

        Assert.Equal(fetches, upstream.Acme.KeyFetches);
    }

    [Fact]
    public async Task A_provider_that_changes_its_key_is_followed()
    {
        await upstream.SignInAsync(_browser, "other", _subject);
        using var second = upstream.Server.NewBrowser();
        upstream.Server.Clock.Advance(TimeSpan.FromMinutes(2));
        upstream.Other.Key = SigningCredential.Create(SigningAlgorithm.ES256, "k" + Guid.NewGuid().ToString("N"));

        await upstream.SignInAsync(second, "other", _subject);

        Assert.Equal("/account", second.Address.AbsolutePath);
    }

    private async Task AssertRefusedAsync(Answer answer)
    {
        Assert.Equal(400, answer.Status);
        Assert.Null(_browser.SessionCookie());
        Assert.Null(await upstream.FindAccountAsync("acme", upstream.Acme.Issuer, _subject));
    }

    private static string Join(string header, string payload) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + "." + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));

    private static string Hmac(string header, string payload, byte[] key)
    {
        var input = Join(header, payload);
        return input + "." + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(input)));
    }

    private static string Embedded(ECDsa key, string payload)
    {
        var q = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y));
        var header = $$$"""{"alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"{{{x}}}","y":"{{{y}}}"}}""";
        var input = Join(header, payload);
        return input + "." + Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256));
    }
}
