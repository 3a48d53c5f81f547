using System.Text.Json.Nodes;
using IdentityProvider.ResourceServer.Tests.Testing;

namespace IdentityProvider.ResourceServer.Tests.Tokens;

/// <summary>RFC 9068 §4 and RFC 8725: what is accepted, and each way in which a token may be wrong.</summary>
public sealed class AccessTokenTests
{
    public static TheoryData<string> Algorithms => ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task Token_of_every_supported_algorithm_is_accepted(string algorithm)
    {
        await using var api = await TestApi.StartAsync();
        api.Issuer.Keys = [IssuerKey.Create("k", algorithm)];

        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token()));
    }

    [Theory]
    [InlineData("at+jwt")]
    [InlineData("AT+JWT")]
    [InlineData("application/at+jwt")]
    [InlineData("Application/At+Jwt")]
    public async Task Type_is_compared_without_case_and_prefix(string type)
    {
        await using var api = await TestApi.StartAsync();

        Assert.Equal(200, await api.StatusOfAsync(api.Issuer.Token(type: type)));
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("logout+jwt")]
    [InlineData("dpop+jwt")]
    [InlineData("statuslist+jwt")]
    [InlineData("text/at+jwt")]
    [InlineData("at+jwt ")]
    public async Task Token_of_another_type_is_refused_whoever_signed_it(string type)
    {
        await using var api = await TestApi.StartAsync();

        await api.RefusesAsync(api.Issuer.Token(type: type), "typ is not at+jwt");
        Assert.Equal(0, api.Issuer.Requests("/jwks"));
    }

    [Fact]
    public async Task Token_without_type_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Keys[0].Sign("{\"alg\":\"ES256\",\"kid\":\"first\"}", api.Issuer.Claims().ToJsonString());

        await api.RefusesAsync(token, "typ is not at+jwt");
    }

    [Fact]
    public async Task Issuer_must_be_equal_character_by_character()
    {
        await using var api = await TestApi.StartAsync();
        var issuer = api.Issuer.Issuer;
        foreach (var other in (string[])[issuer + "/", issuer.ToUpperInvariant(), "https://elsewhere.example", ""])
        {
            await api.RefusesAsync(api.Issuer.Token(claims => claims["iss"] = other), "iss is another issuer");
        }

        await api.RefusesAsync(api.Issuer.Token(claims => claims["iss"] = new JsonArray(issuer)), "iss is another issuer");
        await api.RefusesAsync(api.Issuer.Token(claims => claims.Remove("iss")), "iss is another issuer");
    }

    [Theory]
    [InlineData("\"https://orders.example\"", true)]
    [InlineData("[\"https://orders.example\"]", true)]
    [InlineData("[\"https://other.example\",\"https://orders.example\"]", true)]
    [InlineData("\"https://other.example\"", false)]
    [InlineData("\"https://orders.example/\"", false)]
    [InlineData("[]", false)]
    [InlineData("[\"https://orders.example\",1]", false)]
    [InlineData("{\"https://orders.example\":1}", false)]
    [InlineData("null", false)]
    public async Task Audience_must_hold_this_api(string audience, bool isAccepted)
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token(claims => claims["aud"] = JsonNode.Parse(audience));
        if (isAccepted)
        {
            Assert.Equal(200, await api.StatusOfAsync(token));
        }
        else
        {
            await api.RefusesAsync(token, "aud does not hold this API");
        }
    }

    [Theory]
    [InlineData("exp", -29, null)]
    [InlineData("exp", -30, "expired, or without exp")]
    [InlineData("iat", 30, null)]
    [InlineData("iat", 31, "iat is missing or in the future")]
    [InlineData("nbf", 30, null)]
    [InlineData("nbf", 31, "not yet valid")]
    public async Task Times_are_checked_with_a_skew_of_thirty_seconds(string claim, double fromNow, string? refusal)
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token(claims => claims[claim] = api.Issuer.Seconds(fromNow));
        if (refusal is null)
        {
            Assert.Equal(200, await api.StatusOfAsync(token));
        }
        else
        {
            await api.RefusesAsync(token, refusal);
        }
    }

    [Theory]
    [InlineData("exp", "\"1767225900\"", "expired, or without exp")]
    [InlineData("exp", "-1", "expired, or without exp")]
    [InlineData("exp", "1e400", "expired, or without exp")]
    [InlineData("exp", "99999999999999", "expired, or without exp")]
    [InlineData("iat", "true", "iat is missing or in the future")]
    [InlineData("nbf", "\"0\"", "not yet valid")]
    [InlineData("sub", "\"\"", "sub is missing")]
    [InlineData("sub", "7", "sub is missing")]
    [InlineData("client_id", "null", "client_id is missing")]
    [InlineData("jti", "[\"a\"]", "jti is missing")]
    [InlineData("scope", "[\"orders.read\"]", "scope is not a string")]
    [InlineData("cnf", "{\"jkt\":\"x\"}", "bound to a key, sent as bearer token")]
    public async Task Claim_of_the_wrong_kind_is_refused(string claim, string value, string reason)
    {
        await using var api = await TestApi.StartAsync();
        var claims = api.Issuer.Claims();
        claims.Remove(claim);
        var payload = claims.ToJsonString()[..^1] + $",\"{claim}\":{value}}}";

        await api.RefusesAsync(api.Issuer.Sign(payload), reason);
    }

    [Theory]
    [InlineData("exp")]
    [InlineData("iat")]
    [InlineData("aud")]
    [InlineData("sub")]
    [InlineData("client_id")]
    [InlineData("jti")]
    public async Task Required_claim_must_be_there(string claim)
    {
        await using var api = await TestApi.StartAsync();

        Assert.Equal(401, await api.StatusOfAsync(api.Issuer.Token(claims => claims.Remove(claim))));
    }

    [Fact]
    public async Task Fraction_of_a_second_is_allowed_in_a_time()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token(claims => claims["exp"] = api.Issuer.Seconds(60) + 0.5);

        Assert.Equal(200, await api.StatusOfAsync(token));
    }
}
