using System.Globalization;
using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using IdentityProvider.Testing.Passkeys;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Passkeys;

public sealed class PasskeySignInTests : IDisposable
{
    private readonly ServerFixture _server = new();

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_passkey_signs_in_without_a_name_and_counts_as_two_factors(bool useRsa)
    {
        using var authenticator = await NewPasskeyAsync("alice", useRsa);
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        var ceremony = await browser.BeginAsync("#passkey");
        Assert.Equal(
            ("id.example", "required", 0),
            (ceremony.Options.GetProperty("rpId").GetString(), ceremony.Options.GetProperty("userVerification").GetString(),
                ceremony.Options.GetProperty("allowCredentials").GetArrayLength()));

        await browser.EndAsync(ceremony, authenticator.Get(ceremony.Options));

        Assert.Equal(TestClients.Callback, browser.LeftTo!.GetLeftPart(UriPartial.Path));
        var tokens = await _server.RedeemAsync(client, CodeIn(browser));
        var claims = ClaimsOf(tokens.IdToken);
        Assert.Equal("3", claims.GetProperty("acr").GetString());
        Assert.Equal(["pop", "user", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(value => value.GetString()));
    }

    [Fact]
    [Case(322)]
    public async Task A_counter_that_did_not_grow_is_refused_and_noted_and_the_true_one_goes_on()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        authenticator.SignCount = 10;
        Assert.True(await SignsInAsync(authenticator));
        foreach (var count in new uint[] { 10, 9, 0 })
        {
            authenticator.SignCount = count;
            Assert.False(await SignsInAsync(authenticator));
        }

        authenticator.SignCount = 11;
        Assert.True(await SignsInAsync(authenticator));
        var mails = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            mails.Add((await _server.Mails.NextAsync("alice@example.com")).Subject);
        }

        Assert.Equal(3, mails.Count(subject => subject is "A sign-in with a passkey was refused"));
        Assert.Equal(3, (await AuditAsync(AuditEventTypes.PasskeySuspected)).Count);
        Assert.All(await AuditAsync(AuditEventTypes.PasskeySuspected), entry => Assert.Contains("counter", entry, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_authenticator_that_counts_nothing_signs_in_again_and_again()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        var passkey = Assert.Single(await ListAsync("alice"));
        var record = _server.Services.GetRequiredService<ChangeRecords>().Note("test", passkey.AccountId, remoteAddress: null);
        await _server.Services.GetRequiredService<IPasskeyStore>().TryRemoveAsync(passkey.AccountId, passkey.Id, record, CancellationToken.None);
        await _server.Services.GetRequiredService<IPasskeyStore>().TryAddAsync(
            passkey with { SignCount = 0 }, (await FindAsync("alice")).SecurityStamp ?? string.Empty, 1, record, CancellationToken.None);
        authenticator.SignCount = 0;

        Assert.True(await SignsInAsync(authenticator));
        Assert.True(await SignsInAsync(authenticator));
        Assert.NotNull(Assert.Single(await ListAsync("alice")).LastUsedAt);
    }

    private static readonly Dictionary<string, Action<SoftwareAuthenticator>> Changes = new(StringComparer.Ordinal)
    {
        ["another origin"] = authenticator => authenticator.Origin = "https://id.example.evil.test",
        ["another scheme"] = authenticator => authenticator.Origin = "http://id.example",
        ["another port"] = authenticator => authenticator.Origin = "https://id.example:444",
        ["a subdomain"] = authenticator => authenticator.Origin = "https://a.id.example",
        ["another domain"] = authenticator => authenticator.RpId = "evil.test",
        ["the other ceremony"] = authenticator => authenticator.Type = "webauthn.create",
        ["a frame"] = authenticator => authenticator.CrossOrigin = true,
        ["under another site"] = authenticator => authenticator.TopOrigin = "https://evil.test",
        ["nobody there"] = authenticator => authenticator.Flags = SoftwareAuthenticator.UserVerified,
        ["not verified"] = authenticator => authenticator.Flags = SoftwareAuthenticator.UserPresent,
        ["copied and not to be copied"] = authenticator => authenticator.Flags |= SoftwareAuthenticator.BackedUp,
        ["suddenly to be copied"] = authenticator => authenticator.Flags |= SoftwareAuthenticator.BackupEligible,
        ["another person's handle"] = authenticator => authenticator.UserHandle = "another"u8.ToArray(),
        ["no handle"] = authenticator => authenticator.UserHandle = [],
        ["another credential"] = authenticator => authenticator.CredentialId = new byte[32],
        ["a changed signature"] = authenticator => authenticator.Signature = bytes => [.. bytes[..^1], (byte)(bytes[^1] ^ 1)],
        ["no signature"] = authenticator => authenticator.Signature = _ => [],
    };

    [Fact]
    [Case(317)]
    [Case(319)]
    public async Task What_is_not_as_the_text_says_signs_nobody_in()
    {
        foreach (var (lie, change) in Changes)
        {
            using var authenticator = await NewPasskeyAsync("alice");
            change(authenticator);
            _server.Clock.Advance(TimeSpan.FromMinutes(15));

            Assert.False(await SignsInAsync(authenticator), lie);
        }

        Assert.Equal(Changes.Count, (await AuditAsync(AuditEventTypes.SignInFailed)).Count);
        Assert.All(await ListAsync("alice"), passkey => Assert.Null(passkey.LastUsedAt));
    }

    [Fact]
    [Case(317)]
    public async Task An_answer_serves_once_in_its_browser_at_its_place_and_for_five_minutes()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        var passkey = Assert.Single(await ListAsync("alice"));
        using var browser = _server.NewBrowser();
        using var elsewhere = _server.NewBrowser();
        await elsewhere.GoAsync("/signin");
        var other = await elsewhere.BeginAsync("#passkey");
        await browser.GoAsync("/signin");
        var ceremony = await browser.BeginAsync("#passkey");
        await browser.GoAsync("/signin?returnUrl=%2Fdevice");
        var device = await browser.BeginAsync("#passkey");
        var answer = authenticator.Get(ceremony.Options);

        Assert.Equal(400, (await elsewhere.EndAsync(other, answer, ceremony.Ticket)).Status);
        Assert.Equal(400, (await browser.EndAsync(device, answer, ceremony.Ticket)).Status);
        Assert.Equal(400, (await browser.EndAsync(device, answer)).Status);
        await browser.EndAsync(ceremony, answer);
        Assert.Equal("/account", browser.Address.AbsolutePath);
        await browser.GoAsync("/signin?fresh=true");
        Assert.Equal(400, (await browser.EndAsync(ceremony, answer)).Status);
        await browser.GoAsync("/signin?fresh=true");
        var late = await browser.BeginAsync("#passkey");
        _server.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(400, (await browser.EndAsync(late, authenticator.Get(late.Options))).Status);
        Assert.Equal(2u, (await _server.Services.GetRequiredService<IPasskeyStore>().FindAsync(passkey.CredentialId, default))!.SignCount);
    }

    [Fact]
    [Case(323)]
    public async Task A_new_passkey_is_no_proof_and_a_proof_is_no_new_passkey()
    {
        using var browser = await _server.SignInAsync("alice");
        using var authenticator = new SoftwareAuthenticator(ServerFixture.Issuer);
        await browser.GoAsync(PasskeyForms.Page);
        var registration = await browser.BeginAsync("#create-passkey");
        var made = authenticator.Create(registration.Options);
        await browser.GoAsync("/signin?fresh=true");
        var signIn = await browser.BeginAsync("#passkey");

        Assert.Equal(400, (await browser.EndAsync(signIn, made, registration.Ticket)).Status);
        Assert.Equal(400, (await browser.EndAsync(signIn, made)).Status);
        Assert.Equal(400, (await browser.EndAsync(registration, authenticator.Get(signIn.Options), signIn.Ticket)).Status);
        Assert.Empty(await ListAsync("alice"));
    }

    [Fact]
    public async Task A_removed_passkey_and_one_of_a_disabled_account_sign_nobody_in()
    {
        using var hers = await NewPasskeyAsync("alice");
        using var his = await NewPasskeyAsync("bob");
        using var browser = await _server.SignInAsync("alice");
        await browser.GoAsync(PasskeyForms.Page);
        await browser.SendFormAsync("#passkeys form[action*=Remove]");
        var bob = await FindAsync("bob");
        await _server.Services.GetRequiredService<IAccountStateStore>().TryDisableAsync(bob.Id, record: null, _server.Clock.GetUtcNow(), default);

        Assert.False(await SignsInAsync(hers));
        Assert.False(await SignsInAsync(his));
    }

    [Fact]
    [Case(265)]
    public async Task An_account_that_pauses_after_guesses_takes_its_passkey_and_pauses_no_more()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        var alice = await FindAsync("alice");
        var rule = new PauseRule(1, TimeSpan.FromHours(1), TimeSpan.FromHours(2));
        var failure = _server.Services.GetRequiredService<ChangeRecords>().NoteFailure(alice, remoteAddress: null, "wrong password");
        await _server.Services.GetRequiredService<ISignInFailureStore>().CountAsync(alice.Id, rule, failure, default);
        Assert.NotNull((await FindAsync("alice")).LockoutEnd);

        Assert.True(await SignsInAsync(authenticator));

        Assert.Null((await FindAsync("alice")).LockoutEnd);
    }

    [Fact]
    [Case(269)]
    public async Task Thirty_answers_that_are_none_close_the_door_for_a_quarter_of_an_hour_and_no_longer()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/signin");
        var ceremony = await browser.BeginAsync("#passkey");
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(400, (await browser.EndAsync(ceremony, "{}", "x")).Status);
        }

        await browser.GoAsync("/signin");
        ceremony = await browser.BeginAsync("#passkey");
        var refused = await browser.EndAsync(ceremony, authenticator.Get(ceremony.Options));
        Assert.Equal(429, refused.Status);
        Assert.InRange(int.Parse(refused.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 900);

        _server.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.True(await SignsInAsync(authenticator));
    }

    [Fact]
    [Case(308)]
    public async Task A_client_that_asks_for_the_third_level_gets_it_by_a_passkey_after_the_password()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        using var foreign = await NewPasskeyAsync("bob");
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = await _server.SignInAsync("alice");
        await browser.GoAsync(client.AuthorizeAddress(("claims", """{"id_token":{"acr":{"essential":true,"values":["3"]}}}""")));
        Assert.Equal("/signin/passkey", browser.Address.AbsolutePath);
        var wrong = await browser.BeginAsync("#passkey");
        Assert.Equal(400, (await browser.EndAsync(wrong, foreign.Get(wrong.Options))).Status);
        var right = await browser.BeginAsync("#passkey");

        await browser.EndAsync(right, authenticator.Get(right.Options));

        var claims = ClaimsOf((await _server.RedeemAsync(client, CodeIn(browser))).IdToken);
        Assert.Equal("3", claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "pop", "user", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(value => value.GetString()));
    }

    [Fact]
    public async Task Who_only_wishes_for_a_level_lets_it_go()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = await _server.SignInAsync("alice");
        await browser.GoAsync(client.AuthorizeAddress(("acr_values", "3")));
        Assert.Equal("/signin/passkey", browser.Address.AbsolutePath);

        await browser.SendFormAsync("#decline");

        var claims = ClaimsOf((await _server.RedeemAsync(client, CodeIn(browser))).IdToken);
        Assert.Equal("1", claims.GetProperty("acr").GetString());
    }

    [Fact]
    [Case(307)]
    public async Task The_page_of_the_second_proof_opens_for_nobody_who_has_not_given_the_first()
    {
        using var browser = _server.NewBrowser();

        await browser.GoAsync("/signin/passkey");

        Assert.Equal("/signin", browser.Address.AbsolutePath);
        var fields = browser.FieldsOf("#passkey");
        Assert.Equal(403, (await browser.PostAsync("/signin/passkey?handler=Options", fields)).Status);
        await browser.PostAsync("/signin/passkey?handler=Prove", fields);
        Assert.Equal("/signin", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task After_a_password_a_passkey_is_offered_once_and_the_way_goes_on()
    {
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = _server.NewBrowser();
        using var authenticator = new SoftwareAuthenticator(ServerFixture.Issuer);
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.SendFormAsync("#signin", ("username", "alice"), ("password", ServerFixture.Password), ("decision", "signin"), ("passkeys", "true"));
        Assert.Equal("/signin/passkey/offer", browser.Address.AbsolutePath);
        var ceremony = await browser.BeginAsync("#create-passkey");

        await browser.EndAsync(ceremony, authenticator.Create(ceremony.Options));

        Assert.Equal(TestClients.Callback, browser.LeftTo!.GetLeftPart(UriPartial.Path));
        Assert.Single(await ListAsync("alice"));
        Assert.True(await SignsInAsync(authenticator));
        await browser.GoAsync("/signin?fresh=true");
        await browser.SendFormAsync("#signin", ("username", "bob"), ("password", ServerFixture.Password), ("passkeys", "true"));
        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Fact]
    public async Task Who_does_not_want_a_passkey_goes_on_by_a_link()
    {
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.SendFormAsync("#signin", ("username", "alice"), ("password", ServerFixture.Password), ("passkeys", "true"));

        await browser.GoAsync(browser.Page.QuerySelector("#later")!.GetAttribute("href")!);

        Assert.Equal(TestClients.Callback, browser.LeftTo!.GetLeftPart(UriPartial.Path));
    }

    [Fact]
    public async Task Passkeys_that_are_not_among_the_methods_are_offered_nowhere()
    {
        using var server = ServerFixture.With("""{ "SignIn": { "methods": ["password"] } }""");
        using var browser = server.NewBrowser();

        await browser.GoAsync("/signin");

        Assert.Null(browser.Page.QuerySelector("#passkey"));
        Assert.Empty(browser.Page.QuerySelectorAll("script"));
        Assert.Equal("username", browser.Page.QuerySelector("#username")!.GetAttribute("autocomplete"));
        Assert.Equal(404, (await browser.PostAsync("/signin?handler=Passkey", browser.FieldsOf("#signin"))).Status);
        await browser.GoAsync("/signin");
        await browser.SignInAsync("alice", ServerFixture.Password);
        await browser.GoAsync(PasskeyForms.Page);
        Assert.Null(browser.Page.QuerySelector("#create-passkey"));
    }

    [Fact]
    public async Task A_client_that_takes_passwords_only_is_not_entered_by_passkey()
    {
        using var authenticator = await NewPasskeyAsync("alice");
        var client = _server.Register(TestClients.Public() with { SignInMethods = ["password"] });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());
        Assert.Null(browser.Page.QuerySelector("#passkey"));
        var fields = browser.FieldsOf("#signin");
        var address = browser.Address;

        Assert.Equal(403, (await browser.PostAsync(address + "&handler=PasskeyOptions", fields)).Status);
        Assert.Equal(404, (await browser.PostAsync(address + "&handler=Passkey", fields)).Status);
    }

    private static string CodeIn(Browser browser) => Flows.Parameters(browser.LeftTo!)["code"];

    private static JsonElement ClaimsOf(string token) => JsonElement.Parse(SoftwareAuthenticator.Decode(token.Split('.')[1]));

    private async Task<SoftwareAuthenticator> NewPasskeyAsync(string userName, bool useRsa = false)
    {
        using var browser = await _server.SignInAsync(userName);
        return await browser.AddPasskeyAsync(useRsa);
    }

    private async Task<bool> SignsInAsync(SoftwareAuthenticator authenticator)
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/signin");
        var ceremony = await browser.BeginAsync("#passkey");
        var answer = await browser.EndAsync(ceremony, authenticator.Get(ceremony.Options));
        if (browser.Address.AbsolutePath is "/account")
        {
            return true;
        }

        Assert.Equal(400, answer.Status);
        Assert.Contains("does not sign you in", browser.Text("#notice"), StringComparison.Ordinal);
        Assert.Null(browser.SessionCookie());
        return false;
    }

    private async Task<Account> FindAsync(string userName)
    {
        using var scope = _server.Services.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<AccountFinder>().FindAsync(userName))!;
    }

    private async Task<IReadOnlyList<Passkey>> ListAsync(string userName) =>
        await _server.Services.GetRequiredService<IPasskeyStore>().ListAsync((await FindAsync(userName)).Id, CancellationToken.None);

    private async Task<IReadOnlyList<string>> AuditAsync(string type)
    {
        await using var context = await _server.Services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        return await context.Database.SqlQuery<string>($"SELECT detail AS \"Value\" FROM audit_events WHERE type = {type}").ToListAsync();
    }
}
