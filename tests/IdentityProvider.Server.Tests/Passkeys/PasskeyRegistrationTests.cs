using System.Text.Json;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using IdentityProvider.Testing.Passkeys;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Passkeys;

public sealed class PasskeyRegistrationTests : IDisposable
{
    private readonly ServerFixture _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_browser_is_asked_for_a_discoverable_verified_passkey_of_our_own_domain()
    {
        using var browser = await _server.SignInAsync("alice");
        await browser.GoAsync(PasskeyForms.Page);

        var options = (await browser.BeginAsync("#create-passkey")).Options;

        Assert.Equal(("id.example", "Identity Provider"), (Text(options, "rp", "id"), Text(options, "rp", "name")));
        Assert.Equal(("alice", "Alice Example"), (Text(options, "user", "name"), Text(options, "user", "displayName")));
        Assert.Equal(32, SoftwareAuthenticator.Decode(options.GetProperty("challenge").GetString()!).Length);
        Assert.Equal(
            ("required", "required", true),
            (Text(options, "authenticatorSelection", "residentKey"), Text(options, "authenticatorSelection", "userVerification"),
                options.GetProperty("authenticatorSelection").GetProperty("requireResidentKey").GetBoolean()));
        Assert.Equal(
            [-257, -37, -36, -35, -7],
            options.GetProperty("pubKeyCredParams").EnumerateArray().Select(item => item.GetProperty("alg").GetInt32()).Order());
        Assert.Equal(("none", 300_000), (options.GetProperty("attestation").GetString(), options.GetProperty("timeout").GetInt32()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_passkey_is_added_once_and_its_authenticator_is_named_to_later_ones(bool useRsa)
    {
        using var browser = await _server.SignInAsync("alice");
        using var authenticator = await browser.AddPasskeyAsync(useRsa);

        Assert.Equal("The passkey is added. You can sign in with it from now on.", browser.Text("#done"));
        Assert.Single(browser.Page.QuerySelectorAll("#passkeys > li"));
        var next = await browser.BeginAsync("#create-passkey");
        var excluded = Assert.Single(next.Options.GetProperty("excludeCredentials").EnumerateArray());
        Assert.Equal(SoftwareAuthenticator.Encode(authenticator.CredentialId), excluded.GetProperty("id").GetString());
        Assert.Equal(["internal", "hybrid"], excluded.GetProperty("transports").EnumerateArray().Select(item => item.GetString()));
    }

    [Fact]
    [Case(317)]
    public async Task A_challenge_serves_once_whatever_came_of_it()
    {
        using var browser = await _server.SignInAsync("alice");
        using var one = new SoftwareAuthenticator(ServerFixture.Issuer);
        using var other = new SoftwareAuthenticator(ServerFixture.Issuer);
        await browser.GoAsync(PasskeyForms.Page);
        var ceremony = await browser.BeginAsync("#create-passkey");
        one.Flags = 0;
        await AssertRefusedAsync(browser, ceremony, one.Create(ceremony.Options));
        one.Flags = SoftwareAuthenticator.UserPresent | SoftwareAuthenticator.UserVerified;

        await AssertRefusedAsync(browser, ceremony, one.Create(ceremony.Options));

        var second = await browser.BeginAsync("#create-passkey");
        Assert.Equal(200, (await browser.EndAsync(second, one.Create(second.Options))).Status);
        await AssertRefusedAsync(browser, second, other.Create(second.Options), passkeys: 1);
    }

    [Fact]
    [Case(317)]
    public async Task A_challenge_is_good_for_five_minutes()
    {
        using var browser = await _server.SignInAsync("alice");
        using var authenticator = new SoftwareAuthenticator(ServerFixture.Issuer);
        await browser.GoAsync(PasskeyForms.Page);
        var ceremony = await browser.BeginAsync("#create-passkey");
        _server.Clock.Advance(TimeSpan.FromSeconds(301));
        using var again = await _server.SignInAsync("alice");

        await browser.EndAsync(ceremony, authenticator.Create(ceremony.Options));

        Assert.Equal("/signin", browser.Address.AbsolutePath);
        Assert.Empty(await ListAsync("alice"));
    }

    [Fact]
    [Case(317)]
    public async Task A_challenge_belongs_to_one_browser_one_session_and_one_person()
    {
        using var alice = await _server.SignInAsync("alice");
        using var bob = await _server.SignInAsync("bob");
        using var elsewhere = await _server.SignInAsync("alice");
        using var authenticator = new SoftwareAuthenticator(ServerFixture.Issuer);
        var ceremonies = new List<Ceremony>();
        foreach (var browser in new[] { alice, bob, elsewhere })
        {
            await browser.GoAsync(PasskeyForms.Page);
            ceremonies.Add(await browser.BeginAsync("#create-passkey"));
        }

        var credential = authenticator.Create(ceremonies[0].Options);

        await AssertRefusedAsync(bob, ceremonies[1], credential, ticket: ceremonies[0].Ticket);
        await AssertRefusedAsync(elsewhere, ceremonies[2], credential, ticket: ceremonies[0].Ticket);
        await AssertRefusedAsync(alice, ceremonies[0], credential, ticket: ceremonies[1].Ticket);
        await AssertRefusedAsync(alice, ceremonies[0], credential, ticket: string.Empty);
        await AssertRefusedAsync(alice, ceremonies[0], credential, ticket: (ceremonies[0].Ticket[0] is 'A' ? 'B' : 'A') + ceremonies[0].Ticket[1..]);
        Assert.Equal(200, (await alice.EndAsync(ceremonies[0], credential)).Status);
    }

    [Fact]
    [Case(319)]
    public async Task A_credential_id_of_another_person_is_refused()
    {
        using var alice = await _server.SignInAsync("alice");
        using var bob = await _server.SignInAsync("bob");
        using var hers = await alice.AddPasskeyAsync();
        using var his = new SoftwareAuthenticator(ServerFixture.Issuer) { CredentialId = hers.CredentialId };
        await bob.GoAsync(PasskeyForms.Page);
        var ceremony = await bob.BeginAsync("#create-passkey");

        Assert.Equal(400, (await bob.EndAsync(ceremony, his.Create(ceremony.Options))).Status);

        Assert.Empty(await ListAsync("bob"));
        Assert.Single(await ListAsync("alice"));
    }

    [Fact]
    public async Task An_account_has_twenty()
    {
        using var browser = await _server.SignInAsync("alice");
        for (var i = 0; i < PasskeyBook.MostPasskeys; i++)
        {
            (await browser.AddPasskeyAsync()).Dispose();
        }

        Assert.Null(browser.Page.QuerySelector("#create-passkey"));
        Assert.Contains("Remove one", browser.Current!.Body, StringComparison.Ordinal);
    }

    [Fact]
    [Case(277)]
    public async Task Who_proved_themselves_too_long_ago_proves_it_again()
    {
        using var browser = await _server.SignInAsync("alice");
        using var authenticator = await browser.AddPasskeyAsync();
        await browser.GoAsync(PasskeyForms.Page);
        var ceremony = await browser.BeginAsync("#create-passkey");
        using var second = new SoftwareAuthenticator(ServerFixture.Issuer);
        await browser.GoAsync(PasskeyForms.Page);
        var removal = browser.FieldsOf("#passkeys form[action*=Remove]");
        _server.Clock.Advance(TimeSpan.FromSeconds(301));

        var options = await browser.PostAsync(PasskeyForms.Page + "?handler=Options", ceremony.Fields);
        Assert.Equal(403, options.Status);
        await browser.EndAsync(ceremony, second.Create(ceremony.Options));
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        Assert.NotNull(browser.Page.QuerySelector("#signin"));
        await browser.PostAsync(PasskeyForms.Page + "?handler=Remove", removal);
        Assert.Equal("/signin", browser.Address.AbsolutePath);

        Assert.Single(await ListAsync("alice"));
        await browser.GoAsync(PasskeyForms.Page);
        Assert.Null(browser.Page.QuerySelector("#create-passkey"));
        await browser.GoAsync(browser.Page.QuerySelector("#prove-link")!.GetAttribute("href")!);
        await browser.SignInAsync("alice", ServerFixture.Password);
        Assert.Equal(PasskeyForms.Page, browser.Address.AbsolutePath);
        Assert.NotNull(browser.Page.QuerySelector("#create-passkey"));
    }

    [Fact]
    public async Task A_passkey_is_renamed_and_removed_by_its_owner_alone()
    {
        using var alice = await _server.SignInAsync("alice");
        using var bob = await _server.SignInAsync("bob");
        using var authenticator = await alice.AddPasskeyAsync();
        var id = alice.Page.QuerySelector("#passkeys > li")!.GetAttribute("data-passkey-id")!;
        using var his = await bob.AddPasskeyAsync();
        foreach (var form in new[] { "#passkeys form[action*=Rename]", "#passkeys form[action*=Remove]" })
        {
            Assert.Equal(404, (await bob.SendFormAsync(form, ("passkey", id))).Status);
            await bob.GoAsync(PasskeyForms.Page);
        }

        await alice.SendFormAsync("#passkeys form[action*=Rename]", ("name", "  <b>Telefon</b> ü "));
        Assert.Equal("<b>Telefon</b> ü", alice.Text("#passkeys bdi"));
        foreach (var bad in new[] { string.Empty, "   ", new string('x', 61), "a\u0001b" })
        {
            Assert.Equal(400, (await alice.SendFormAsync("#passkeys form[action*=Rename]", ("name", bad))).Status);
        }

        Assert.Equal(200, (await alice.SendFormAsync("#passkeys form[action*=Remove]")).Status);
        Assert.Equal("?done=removed", alice.Address.Query);
        Assert.Empty(await ListAsync("alice"));
        Assert.Single(await ListAsync("bob"));
        var mails = new[] { await _server.Mails.NextAsync("alice@example.com"), await _server.Mails.NextAsync("alice@example.com") };
        Assert.Equal(["A passkey was added", "A passkey was removed"], mails.Select(mail => mail.Subject).Order(StringComparer.Ordinal));
        Assert.Contains(mails, mail => mail.Text.Contains("<b>Telefon</b> ü", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nobody_sees_passkeys_without_signing_in()
    {
        using var browser = _server.NewBrowser();

        await browser.GoAsync(PasskeyForms.Page);

        Assert.Equal("/signin", browser.Address.AbsolutePath);
    }

    [Fact]
    [Case(428)]
    public async Task The_page_runs_our_script_and_asks_our_server_and_no_other()
    {
        using var browser = await _server.SignInAsync("alice");

        var answer = await browser.GoAsync(PasskeyForms.Page);

        Assert.Equal(
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'",
            answer.Header("Content-Security-Policy"));
        Assert.True(browser.Page.QuerySelector("#create-passkey")!.HasAttribute("hidden"));
        Assert.StartsWith("/js/passkeys.js?v=", Assert.Single(browser.Page.QuerySelectorAll("script")).GetAttribute("src"), StringComparison.Ordinal);
    }

    [Fact]
    [Case(425)]
    public async Task The_cookie_that_ties_a_challenge_to_the_browser_is_ours_alone()
    {
        using var browser = await _server.SignInAsync("alice");
        await browser.GoAsync(PasskeyForms.Page);
        await browser.BeginAsync("#create-passkey");

        var cookie = Assert.Single(browser.Current!.Headers.GetValues("Set-Cookie"), value => value.StartsWith("__Host-idp-passkey=", StringComparison.Ordinal));

        foreach (var part in new[] { "; max-age=300", "; path=/", "; secure", "; samesite=lax", "; httponly" })
        {
            Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
        }

        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("no-store", browser.Current.Header("Cache-Control"), StringComparison.Ordinal);
    }

    private async Task AssertRefusedAsync(Browser browser, Ceremony ceremony, string credential, string? ticket = null, int passkeys = 0)
    {
        var answer = await browser.EndAsync(ceremony, credential, ticket);

        Assert.Equal(400, answer.Status);
        Assert.Contains("could not be added", browser.Text("#notice"), StringComparison.Ordinal);
        Assert.Equal(passkeys, (await ListAsync("alice")).Count + (await ListAsync("bob")).Count);
    }

    private async Task<IReadOnlyList<Passkey>> ListAsync(string userName)
    {
        using var scope = _server.Services.CreateScope();
        var account = await scope.ServiceProvider.GetRequiredService<AccountFinder>().FindAsync(userName);
        return await scope.ServiceProvider.GetRequiredService<IPasskeyStore>().ListAsync(account!.Id, CancellationToken.None);
    }

    private static string Text(JsonElement options, string member, string name) => options.GetProperty(member).GetProperty(name).GetString()!;
}
