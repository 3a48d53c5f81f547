using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Recovery;

public sealed class PasswordLimitsTests
{
    private const string Wrong = "a wrong password, again";

    [Theory]
    [InlineData("alice")]
    [InlineData("nobody@example.com")]
    [Case(263)]
    [Case(266)]
    public async Task The_sixth_wrong_password_for_a_name_in_a_quarter_of_an_hour_waits_whether_the_account_exists_or_not(string name)
    {
        using var server = ServerFixture.With("""{ "Limits": { "password_attempts": 5 } }""");
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.Equal(400, (await TryAsync(server, guess % 2 == 0 ? name : " " + name.ToUpperInvariant(), Wrong)).Status);
        }

        var refused = await TryAsync(server, name, ServerFixture.Password);

        Assert.Equal((429, "900"), (refused.Status, refused.Header("Retry-After")));
        Assert.Contains("too many tries", refused.Body, StringComparison.Ordinal);
        server.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(name == "alice" ? 200 : 400, (await TryAsync(server, name, ServerFixture.Password)).Status);
    }

    [Fact]
    [Case(268)]
    public async Task One_guess_at_each_of_many_accounts_ends_at_the_addresss_limit()
    {
        using var server = ServerFixture.With("""{ "Limits": { "password_attempts_per_address": 5 } }""");
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.Equal(400, (await TryAsync(server, $"person{guess}@example.com", Wrong)).Status);
        }

        Assert.Equal(429, (await TryAsync(server, "bob", Wrong)).Status);
    }

    [Fact]
    public async Task Right_passwords_use_nothing_up()
    {
        using var server = ServerFixture.With("""{ "Limits": { "password_attempts": 2, "password_attempts_per_address": 2 } }""");
        for (var time = 0; time < 5; time++)
        {
            Assert.Equal(200, (await TryAsync(server, "alice", ServerFixture.Password)).Status);
        }
    }

    [Fact]
    public async Task Twenty_people_with_right_passwords_behind_one_address_all_get_in_at_the_same_moment()
    {
        using var server = ServerFixture.With("""{ "Limits": { "password_attempts": 5, "password_attempts_per_address": 5 } }""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => TryAsync(server, number % 2 == 0 ? "alice" : "bob", ServerFixture.Password)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
    }

    [Fact]
    [Case(263)]
    public async Task Of_twenty_wrong_passwords_at_the_same_moment_five_are_looked_at()
    {
        using var server = ServerFixture.With("""{ "Limits": { "password_attempts": 5, "password_attempts_per_address": 5 } }""");

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => TryAsync(server, number % 2 == 0 ? "alice" : "bob", Wrong)));

        Assert.Equal((5, 15), (answers.Count(answer => answer.Status == 400), answers.Count(answer => answer.Status == 429)));
        Assert.Equal(429, (await TryAsync(server, "alice", ServerFixture.Password)).Status);
    }

    [Fact]
    [Case(265)]
    public async Task A_browser_that_has_signed_in_before_is_not_kept_out_by_strangers_and_has_a_limit_of_its_own()
    {
        using var server = ServerFixture.With("""{ "Limits": { "password_attempts": 3 } }""");
        using var known = await server.SignInAsync("alice");
        await known.GoAsync("/signout");
        await known.SubmitAsync("signout");
        for (var guess = 0; guess < 4; guess++)
        {
            await TryAsync(server, "alice", Wrong);
        }

        Assert.Equal(429, (await TryAsync(server, "alice", ServerFixture.Password)).Status);
        Assert.Equal(200, (await TryAsync(known, "alice", ServerFixture.Password)).Status);
        await known.GoAsync("/signout");
        await known.SubmitAsync("signout");
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal(400, (await TryAsync(known, "alice", Wrong)).Status);
        }

        Assert.Equal(429, (await TryAsync(known, "alice", ServerFixture.Password)).Status);
    }

    private static async Task<Answer> TryAsync(ServerFixture server, string name, string password)
    {
        using var browser = server.NewBrowser();
        return await TryAsync(browser, name, password);
    }

    private static async Task<Answer> TryAsync(Browser browser, string name, string password)
    {
        await browser.GoAsync("/signin");
        return await browser.SubmitAsync("signin", ("username", name), ("password", password));
    }
}
