using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Export;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class DataPageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    [Case(347)]
    [Case(421)]
    public async Task The_download_holds_what_is_kept_and_no_secret()
    {
        var email = Address();
        var name = await server.AddPersonAsync(account => (account.Email, account.Claims) = (email, """{"name":"Zoë"}"""));
        var client = server.Register(TestClients.Public() with { RequireConsent = true });
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync(client.AuthorizeAddress());
        await browser.SendFormAsync("#consent", ("decision", "allow"));
        var tokens = await server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);
        await browser.GoAsync("/account/data");
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        var answer = await browser.SendFormAsync("#export");

        Assert.Equal("attachment; filename=account.json; filename*=UTF-8''account.json", answer.Header("Content-Disposition"));
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        var data = answer.Json;
        Assert.Equal(name, data.GetProperty("account").GetProperty("user_name").GetString());
        Assert.Equal(("Zoë", email), (data.GetProperty("claims").GetProperty("name").GetString(), data.GetProperty("claims").GetProperty("email").GetString()));
        Assert.Equal(client.ClientId, Assert.Single(data.GetProperty("applications").EnumerateArray()).GetProperty("client_id").GetString());
        Assert.Equal(client.ClientId, Assert.Single(data.GetProperty("sessions").EnumerateArray()).GetProperty("clients")[0].GetString());
        Assert.Equal("account.exported", data.GetProperty("history")[0].GetProperty("type").GetString());
        Assert.Single(data.GetProperty("known_browsers").EnumerateArray());
        Assert.All(
            ["argon2", "stamp", "hash", browser.SessionCookie()!, tokens.AccessToken, tokens.RefreshToken],
            secret => Assert.DoesNotContain(secret, answer.Body, StringComparison.OrdinalIgnoreCase));
        Assert.Equal("Your data was downloaded", (await server.Mails.NextAsync(email)).Subject);
    }

    [Fact]
    [Case(347)]
    public async Task The_download_tells_of_linked_providers_second_factors_and_messages()
    {
        var person = await server.AddPersonWithAppAsync();
        var subject = await FindSubjectAsync(person.Name);
        await server.Services.GetRequiredService<ILinkedIdentityStore>().TryAddAsync(
            subject,
            await FindStampAsync(subject),
            new LinkedIdentity("elsewhere", "key-of-the-identity", "zoe@elsewhere.example"),
            server.Services.GetRequiredService<ChangeRecords>().Note("test", subject, remoteAddress: null),
            default);
        await server.Services.GetRequiredService<IAccountMail>().QueueAsync(
            new MailOrder(AccountMailKind.PasswordChanged) { AccountId = subject, Address = Address() }, default);

        var export = await ExportAsync(subject);

        var linked = Assert.Single(export.GetProperty("linked_providers").EnumerateArray());
        Assert.Equal(("elsewhere", "zoe@elsewhere.example"), (linked.GetProperty("provider").GetString(), linked.GetProperty("label").GetString()));
        var factors = export.GetProperty("second_factors");
        Assert.Contains("totp", factors.GetProperty("methods").EnumerateArray().Select(method => method.GetString()));
        Assert.True(factors.GetProperty("authenticator_app").TryGetProperty("created_at", out _));
        Assert.Contains("notice", export.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("kind").GetString()));
        Assert.DoesNotContain("key-of-the-identity", export.GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>A new table about people needs a part of the download, or a reason here why it has none.</summary>
    [Fact]
    public async Task Every_table_about_people_has_its_part_in_the_download()
    {
        var parts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["accounts"] = "account",
            ["account_logins"] = "linked_providers",
            ["account_tokens"] = "second_factors", // the telephone; and what the operator's configuration declared
            ["account_passkeys"] = "passkeys",
            ["audit_events"] = "history",
            ["consents"] = "applications",
            ["devices"] = "known_browsers",
            ["grants"] = "applications",
            ["outbox"] = "messages",
            ["recovery_codes"] = "second_factors",
            ["sessions"] = "sessions",
            ["totp_authenticators"] = "second_factors",

            // A mark of the operator's configuration: where the account was declared.
            ["account_claims"] = string.Empty,

            // Devices that were allowed in and have not fetched their tokens yet: gone in minutes, then grants.
            ["device_authorizations"] = string.Empty,
        };
        await using var context = await server.Services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        var export = await ExportAsync(await FindSubjectAsync(await server.AddPersonAsync()));

        var tables = context.Model.GetEntityTypes()
            .Where(type => type.ClrType == typeof(Account) || type.GetProperties().Any(property => property.Name is "Subject" or "AccountId" or "UserId"))
            .Select(type => type.GetTableName()!);

        Assert.Equal(parts.Keys.Order(StringComparer.Ordinal), tables.Order(StringComparer.Ordinal));
        Assert.All(parts.Values.Where(part => part.Length > 0), part => Assert.True(export.TryGetProperty(part, out _), part));
    }

    [Theory]
    [InlineData("#export")]
    [InlineData("#disable")]
    [InlineData("#delete")]
    [Case(277)]
    public async Task An_old_sign_in_is_asked_for_a_fresh_one_first_and_nothing_has_happened(string form)
    {
        var email = Address();
        var name = await server.AddPersonAsync(account => account.Email = email);
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync("/account/data");
        server.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.SendFormAsync(form, ("sure", "true"), ("confirm", name));
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.SignInAsync(name, ServerFixture.Password);

        Assert.Equal("/account/data", browser.Address.AbsolutePath);
        Assert.DoesNotContain(server.Mails.Unread, mail => mail.To == email && mail.Subject.Contains("account", StringComparison.Ordinal));
        await browser.SendFormAsync("#delete", ("confirm", name));
        Assert.Equal("Your account is deleted", browser.Text("h1"));
    }

    [Fact]
    [Case(277)]
    [Case(307)]
    public async Task Who_has_two_factors_proves_both()
    {
        var person = await server.AddPersonWithAppAsync();
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(person.Name);
        await browser.TypeCodeAsync(person.App.FreshCode(), ("trust", "true"));
        server.Clock.Advance(TimeSpan.FromMinutes(6));
        await browser.GoAsync("/account/data");
        await browser.SendFormAsync("#delete", ("confirm", person.Name));
        await browser.TypePasswordAsync(person.Name);

        await browser.GoAsync("/account/data");
        await browser.SendFormAsync("#delete", ("confirm", person.Name));
        Assert.NotEqual("/account/closed", browser.Address.AbsolutePath);
        using var again = server.NewBrowser();
        await again.GoAsync("/signin");
        await again.TypePasswordAsync(person.Name);
        Assert.Equal("/signin/second-factor", again.Address.AbsolutePath);
    }

    [Fact]
    [Case(239)]
    [Case(275)]
    public async Task Deleting_ends_everything_everywhere_tells_by_mail_and_is_final()
    {
        var email = Address();
        var name = await server.AddPersonAsync(account => account.Email = email);
        var client = server.Register(TestClients.Public());
        using var there = await server.SignInAsync(name);
        await there.GoAsync(client.AuthorizeAddress(("scope", "openid offline_access orders.read")));
        var tokens = await server.RedeemAsync(client, Flows.Parameters(there.LeftTo!)["code"]);
        using var here = await server.SignInAsync(name);
        await here.GoAsync("/account/data");

        await here.SendFormAsync("#delete", ("confirm", $" {name.ToUpperInvariant()} "));

        Assert.Equal(("/account/closed", "Your account is deleted"), (here.Address.AbsolutePath, here.Text("h1")));
        Assert.Null(here.SessionCookie());
        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal(401, (await server.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(client, tokens.RefreshToken)).StatusAndError);
        await there.GoAsync("/account");
        Assert.Equal("/signin", there.Address.AbsolutePath);
        Assert.Equal(400, (await there.SignInAsync(name, ServerFixture.Password)).Status);
        Assert.Equal("Your account was deleted", (await server.Mails.NextAsync(email)).Subject);
        await here.GoAsync("/account/data");
        Assert.Equal("/signin", here.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("")]
    [InlineData("alice")]
    [InlineData("delete")]
    public async Task Without_the_name_typed_nothing_is_deleted(string typed)
    {
        var name = await server.AddPersonAsync();
        using var browser = await server.SignInAsync(name);
        await browser.GoAsync("/account/data");

        var answer = await browser.SendFormAsync("#delete", ("confirm", typed));

        Assert.Equal(400, answer.Status);
        Assert.Equal("This is not your user name.", browser.Text("#confirm-problem"));
        await browser.GoAsync("/account");
        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Fact]
    [Case(275)]
    public async Task Disabling_ends_sessions_and_lets_nobody_in()
    {
        var email = Address();
        var name = await server.AddPersonAsync(account => account.Email = email);
        using var there = await server.SignInAsync(name);
        using var here = await server.SignInAsync(name);
        await here.GoAsync("/account/data");
        Assert.Equal(400, (await here.SendFormAsync("#disable")).Status);
        Assert.NotNull(here.Page.QuerySelector("#sure-problem"));

        await here.SendFormAsync("#disable", ("sure", "true"));

        Assert.Equal("Your account is disabled", here.Text("h1"));
        await there.GoAsync("/account");
        Assert.Equal("/signin", there.Address.AbsolutePath);
        Assert.Equal(400, (await there.SignInAsync(name, ServerFixture.Password)).Status);
        Assert.Equal("Your account was disabled", (await server.Mails.NextAsync(email)).Subject);
    }

    [Theory]
    [InlineData("Disable")]
    [InlineData("Delete")]
    public async Task Where_the_operator_does_not_allow_it_nobody_closes_an_account(string handler)
    {
        using var own = ServerFixture.With("""{ "Accounts": { "allow_closing": false } }""");
        using var browser = await own.SignInAsync("alice");
        await browser.GoAsync("/account/data");
        Assert.Null(browser.Page.QuerySelector("#delete"));
        var fields = browser.FieldsOf("#export");
        (fields["confirm"], fields["sure"]) = ("alice", "true");

        var answer = await browser.PostAsync("/account/data?handler=" + handler, fields);

        Assert.Equal(404, answer.Status);
        await browser.GoAsync("/account");
        Assert.Equal("/account", browser.Address.AbsolutePath);
    }

    [Theory]
    [InlineData("deleted", 200)]
    [InlineData("disabled", 200)]
    [InlineData("<script>", 404)]
    public async Task The_last_page_tells_nothing_about_anybody(string how, int status) =>
        Assert.Equal(status, (await server.GetAsync("/account/closed?done=" + Uri.EscapeDataString(how))).Status);

    private async Task<string> FindSubjectAsync(string name)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!.Id;
    }

    private async Task<string> FindStampAsync(string subject)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByIdAsync(subject))!.SecurityStamp!;
    }

    private async Task<JsonElement> ExportAsync(string subject)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var export = await scope.ServiceProvider.GetRequiredService<AccountExport>().MakeAsync(subject, remoteAddress: null, default);
        return JsonSerializer.SerializeToElement(export);
    }

    private static string Address() => $"p{Guid.NewGuid():N}@example.com";
}
