using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Server.Commands;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Pages;

/// <summary>Registration for who was invited: the command, the mail, the page.</summary>
public sealed class InvitationPageTests : IDisposable
{
    private const string Password = "eleven green bottles standing";
    private const string Email = "guest@example.com";

    private readonly ServerFixture _server = ServerFixture.With("""{ "Accounts": { "registration": "invitation" } }""");

    public void Dispose() => _server.Dispose();

    [Fact]
    [Case(293)]
    public async Task Who_was_invited_makes_an_account_with_a_proved_address_and_nobody_else_does()
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/register");
        Assert.Contains("by invitation", browser.Text("main"), StringComparison.Ordinal);
        var link = await InviteAsync(_server);
        for (var scan = 0; scan < 3; scan++)
        {
            Assert.Equal(200, (await _server.GetAsync(link)).Status);
        }

        await browser.GoAsync(link);
        Assert.Equal(400, (await browser.SendFormAsync("#invitation", ("password", "short"))).Status);
        Assert.Equal("password-problem", browser.Page.QuerySelector(".problem")!.Id);
        await browser.SendFormAsync("#invitation", ("name", "A Guest"), ("password", Password));
        Assert.Equal("/account", browser.Address.AbsolutePath);
        var client = _server.Register(TestClients.Public());
        await browser.GoAsync(client.AuthorizeAddress(("scope", "openid email")));
        var tokens = await _server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"]);

        var claims = (await _server.UserInfoAsync(tokens.AccessToken)).Json;
        Assert.Equal((Email, true), (claims.GetProperty("email").GetString(), claims.GetProperty("email_verified").GetBoolean()));
    }

    [Fact]
    [Case(302)]
    public async Task Of_sixteen_that_use_one_invitation_at_once_one_gets_the_account()
    {
        var link = await InviteAsync(_server);
        var browsers = Enumerable.Range(0, 16).Select(_ => _server.NewBrowser()).ToList();
        foreach (var browser in browsers)
        {
            await browser.GoAsync(link);
        }

        var answers = await Task.WhenAll(browsers.Select(browser => browser.SendFormAsync("#invitation", ("password", Password))));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(15, answers.Count(answer => answer.Status == 400));
        Assert.Equal(400, (await _server.GetAsync(link)).Status);
        browsers.ForEach(browser => browser.Dispose());
    }

    [Theory]
    [InlineData("time")]
    [InlineData("revoked")]
    [InlineData("letter")]
    [InlineData("purpose")]
    [Case(292)]
    [Case(302)]
    public async Task An_invitation_is_dead_when_it_is_too_old_taken_back_altered_or_of_another_purpose(string how)
    {
        var link = await InviteAsync(_server);
        using var browser = _server.NewBrowser();
        await browser.GoAsync(link);
        var fields = browser.FieldsOf("#invitation");
        fields["password"] = Password;
        switch (how)
        {
            case "time":
                _server.Clock.Advance(TimeSpan.FromDays(7));
                break;
            case "revoked":
                var token = link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];
                var invitations = _server.Services.GetRequiredService<Invitations>();
                Assert.Equal(0, (await RunAsync(_server, "revoke-invitation", invitations.Open(token)!.Id.ToString())).Code);
                Assert.Equal(1, (await RunAsync(_server, "revoke-invitation", invitations.Open(token)!.Id.ToString())).Code);
                break;
            case "letter":
                link = link[..^3] + (link[^3] == 'A' ? 'B' : 'A') + link[^2..];
                break;
            default:
                await _server.Services.GetRequiredService<IAccountMail>().QueueAsync(
                    new MailOrder(AccountMailKind.PasswordReset) { TypedName = "alice" }, default);
                link = "/invitation" + (await _server.Mails.NextAsync("alice@example.com")).Link.Query;
                break;
        }

        Assert.Equal(400, (await browser.PostAsync(link, fields)).Status);
        Assert.Null(browser.SessionCookie());
    }

    [Theory]
    [InlineData("invitation", 2, "no mail address", "nobody")]
    [InlineData("invitation", 1, "an account with this address already", "alice@example.com")]
    [InlineData("closed", 1, "registration is closed", "new@example.com")]
    public async Task The_command_says_why_it_invites_nobody(string mode, int code, string reason, string email)
    {
        using var server = ServerFixture.With($$"""{ "Accounts": { "registration": "{{mode}}" } }""");

        var (exit, _, errors) = await RunAsync(server, "invite", email);

        Assert.Equal(code, exit);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
    }

    private static async Task<string> InviteAsync(ServerFixture server)
    {
        var (code, output, _) = await RunAsync(server, "invite", Email);
        Assert.Equal(0, code);
        var mail = await server.Mails.NextAsync(Email);
        Assert.DoesNotContain(mail.Link.Query, output, StringComparison.Ordinal);
        return mail.Link.PathAndQuery;
    }

    private static async Task<(int Code, string Output, string Errors)> RunAsync(ServerFixture server, params string[] words)
    {
        using var scope = server.Services.CreateScope();
        using var output = new StringWriter();
        using var errors = new StringWriter();
        var command = new AccountsCommand(
            scope.ServiceProvider.GetRequiredService<Invitations>(), scope.ServiceProvider.GetRequiredService<AccountCreation>(), output, errors);
        return (await command.RunAsync(words, CancellationToken.None), output.ToString(), errors.ToString());
    }
}
