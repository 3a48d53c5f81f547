using System.Text.Json;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class ProfilePageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private const string AllClaims =
        """{ "Accounts": { "editable_claims": ["name", "nickname", "website", "birthdate", "zoneinfo", "address"] } }""";

    [Fact]
    [Clause("OIDC Core", "5.1", "Standard Claims … name … given_name … family_name … nickname")]
    public async Task What_a_person_changes_is_what_clients_are_told()
    {
        var name = await server.AddPersonAsync(account => account.Claims = """{"name":"Old","locale":"en","custom":"kept"}""");
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync("/account/profile");

        await browser.SendFormAsync("#profile", ("name", "  Zoë Müller "), ("nickname", "<b>zo</b>"), ("given_name", ""));

        Assert.Equal("Your profile is saved.", browser.Text("#done"));
        Assert.Equal("Zoë Müller", browser.FieldsOf("#profile")["name"]);
        Assert.DoesNotContain("<b>zo", browser.Current!.Body, StringComparison.Ordinal);
        var client = server.Register(TestClients.Public());
        await browser.GoAsync(client.AuthorizeAddress(("scope", "openid profile")));
        var tokens = await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);
        var claims = (await server.UserInfoAsync(tokens.AccessToken)).Json;
        Assert.Equal(("Zoë Müller", "<b>zo</b>"), (claims.GetProperty("name").GetString(), claims.GetProperty("nickname").GetString()));
        Assert.Equal("en", claims.GetProperty("locale").GetString());
        Assert.False(claims.TryGetProperty("given_name", out _));
    }

    [Fact]
    public async Task What_the_operator_keeps_is_shown_and_cannot_be_sent()
    {
        var name = await server.AddPersonAsync(account => account.Claims = """{"name":"A Person","gender":"unknown"}""");
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync("/account/profile");
        Assert.Equal("unknown", browser.Text("[data-claim=gender] bdi"));

        await browser.SendFormAsync(
            "#profile", ("gender", "other"), ("email", "evil@example.com"), ("email_verified", "true"), ("sub", "alice"), ("user_name", "alice"));

        Assert.Equal(("unknown", name), (browser.Text("[data-claim=gender] bdi"), browser.Text("[data-claim=user_name] bdi")));
        Assert.Null(browser.Page.QuerySelector("[data-claim=email]"));
    }

    [Fact]
    public async Task Where_nothing_may_be_changed_there_is_no_form()
    {
        using var own = ServerFixture.With("""{ "Accounts": { "editable_claims": [] } }""");
        using var browser = await own.SignInAsync("alice");
        await browser.GoAsync("/account/profile");
        Assert.Null(browser.Page.QuerySelector("form"));
    }

    [Theory]
    [InlineData("website", "javascript:alert(1)")]
    [InlineData("website", "data:text/html,x")]
    [InlineData("website", "example.com")]
    [InlineData("birthdate", "31.12.1990")]
    [InlineData("birthdate", "1990-02-30")]
    [InlineData("zoneinfo", "Middle/Earth")]
    [InlineData("zoneinfo", "../../etc/passwd")]
    [InlineData("name", "a\u0007b")]
    [InlineData("locality", "257")]
    public async Task What_does_not_fit_is_said_beside_its_field_and_nothing_is_saved(string field, string value)
    {
        using var own = ServerFixture.With(AllClaims);
        using var browser = await own.SignInAsync("alice");
        await browser.GoAsync("/account/profile");
        var before = browser.FieldsOf("#profile");

        var answer = await browser.SendFormAsync("#profile", (field, value is "257" ? new string('x', 257) : value), ("nickname", "never saved"));

        Assert.Equal(400, answer.Status);
        Assert.NotNull(browser.Page.QuerySelector($"#{field}-problem"));
        Assert.Equal("never saved", browser.FieldsOf("#profile")["nickname"]);
        await browser.GoAsync("/account/profile");
        Assert.Equal(before["nickname"], browser.FieldsOf("#profile")["nickname"]);
    }

    [Fact]
    [Clause("OIDC Core", "5.1.1", "Address Claim … street_address, locality, region, postal_code, country")]
    public async Task An_address_is_one_claim_of_parts()
    {
        using var own = ServerFixture.With(AllClaims);
        var name = await own.AddPersonAsync(account => account.Claims = """{"address":{"formatted":"old","locality":"Old"}}""");
        using var browser = await own.SignInAsync(name);
        await browser.GoAsync("/account/profile");

        await browser.SendFormAsync(
            "#profile", ("street_address", "1 High Street"), ("locality", "Town"), ("birthdate", "0000-02-29"), ("zoneinfo", "Europe/Berlin"), ("website", "https://example.com"));

        Assert.Equal(200, browser.Current!.Status);
        var client = own.Register(TestClients.Public());
        await browser.GoAsync(client.AuthorizeAddress(("scope", "openid profile address")));
        var tokens = await own.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);
        var claims = (await own.UserInfoAsync(tokens.AccessToken)).Json;
        Assert.Equal("""{"locality":"Town","street_address":"1 High Street"}""", JsonSerializer.Serialize(claims.GetProperty("address")));
        Assert.Equal("0000-02-29", claims.GetProperty("birthdate").GetString());
    }
}
