using IdentityProvider.ResourceServer.Authorization;
using IdentityProvider.ResourceServer.Tests.Testing;

namespace IdentityProvider.ResourceServer.Tests.Authorization;

/// <summary>Scopes (RFC 6750 §3.1) and step-up (RFC 9470 §3).</summary>
public sealed class RequirementTests
{
    private const string Realm = "Bearer realm=\"https://orders.example\"";

    [Theory]
    [InlineData("orders.read", 200)]
    [InlineData("orders.write orders.read", 200)]
    [InlineData("orders.write", 403)]
    [InlineData("Orders.Read", 403)]
    [InlineData("orders.read.all", 403)]
    [InlineData("", 403)]
    [InlineData(null, 403)]
    public async Task Endpoint_asks_for_its_scope(string? scope, int expected)
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/read", api.Issuer.Token(claims => claims["scope"] = scope));

        // A null scope is JSON null in the token: not a string, so the token itself is refused.
        Assert.Equal(scope is null ? 401 : expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Token_without_scope_claim_has_no_scope()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/read", api.Issuer.Token(claims => claims.Remove("scope")));

        Assert.Equal(403, (int)response.StatusCode);
    }

    [Fact]
    public async Task Missing_scope_is_named_in_the_challenge()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/both", api.Issuer.Token());

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Equal(
            Realm + ", error=\"insufficient_scope\", error_description=\"The access token lacks a scope.\", "
            + "scope=\"orders.read orders.write\"",
            response.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task Rule_of_the_application_is_refused_without_a_challenge()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/never", api.Issuer.Token());

        Assert.Equal(403, (int)response.StatusCode);
        Assert.Empty(response.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(-300, 200)]
    [InlineData(-301, 401)]
    public async Task Sign_in_must_be_recent_enough(double signedIn, int expected)
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token(claims => claims["auth_time"] = api.Issuer.Seconds(signedIn));
        using var response = await api.GetAsync("/recent", token);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Token_without_auth_time_is_asked_to_step_up()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/recent", api.Issuer.Token());

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(
            Realm + ", error=\"insufficient_user_authentication\", "
            + "error_description=\"A different or more recent sign-in is required.\", max_age=\"300\"",
            response.Headers.WwwAuthenticate.ToString());
    }

    [Theory]
    [InlineData("mfa", 200)]
    [InlineData("phr", 200)]
    [InlineData("pwd", 401)]
    public async Task Sign_in_must_be_strong_enough(string acr, int expected)
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/strong", api.Issuer.Token(claims => claims["acr"] = acr));

        Assert.Equal(expected, (int)response.StatusCode);
        if (expected == 401)
        {
            Assert.EndsWith(", acr_values=\"phr mfa\"", response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Endpoint_with_a_scope_still_asks_for_a_token_first()
    {
        await using var api = await TestApi.StartAsync();
        using var response = await api.GetAsync("/read", token: null);

        Assert.Equal((401, Realm), ((int)response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("ä")]
    public void Scope_that_cannot_stand_in_a_challenge_is_refused_at_start(string scope)
    {
        Assert.Throws<ArgumentException>(() => new ScopeRequirement(scope));
        Assert.Throws<ArgumentException>(() => new RequireScopeAttribute(scope));
        Assert.Throws<ArgumentException>(() => new UserAuthenticationRequirement(null, scope));
    }

    [Fact]
    public void Requirement_that_requires_nothing_is_refused_at_start()
    {
        Assert.Throws<ArgumentException>(() => new ScopeRequirement());
        Assert.Throws<ArgumentException>(() => new UserAuthenticationRequirement(null));
        Assert.Throws<ArgumentOutOfRangeException>(() => new UserAuthenticationRequirement(TimeSpan.FromSeconds(-1)));
    }
}
