using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Storage.Cleanup;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Security;

/// <summary>
/// Somebody sets the clock, forward or back, and the clean-up runs by the wrong time: whatever works once and was used stays used, what was
/// withdrawn stays withdrawn, and counters go on counting.
/// </summary>
public sealed class ClockSetWrongTests : IDisposable
{
    private const string Settings = """{ "SignIn": { "methods": ["password", "totp", "recovery_code", "email_link", "email_code"] } }""";

    private readonly ServerFixture _server = ServerFixture.With(Settings);

    /// <summary>Seconds that pass before each time the clock is set, and by how many it is set.</summary>
    public static TheoryData<string, int, int[]> Mishaps => new()
    {
        { "an hour ahead, then right again", 0, [3600, -3600] },
        { "an hour behind", 0, [-3600] },
        { "an hour behind, then right again", 0, [-3600, 3600] },
        { "an hour ahead, then an hour behind", 0, [3600, -7200] },
        { "five seconds back, again and again", 20, [-5, -5, -5] },
    };

    public void Dispose() => _server.Dispose();

    [Theory]
    [MemberData(nameof(Mishaps))]
    [Case(403)]
    public async Task What_clients_present_once_stays_used(string mishap, int passing, int[] jumps)
    {
        var client = _server.Register(TestClients.Confidential());
        var device = _server.Register(TestClients.Device());
        var service = new AssertingClient();
        _server.Register(service.Client);
        using var browser = await _server.SignInAsync("alice");
        var code = (await browser.AuthorizeAsync(client))["code"];
        var tokens = await _server.RedeemAsync(client, code);
        var rotated = await _server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        Assert.Equal(200, (await _server.RefreshAsync(client, rotated.RefreshToken)).Status);
        var revoked = await _server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        await _server.RevokeAsync(client, revoked.RefreshToken);
        var asked = await _server.RequestDeviceAsync(device);
        await browser.ApproveDeviceAsync(asked);
        Assert.Equal(200, (await _server.PollAsync(device, asked)).Status);
        var assertion = service.Make(_server.Clock.GetUtcNow());
        Assert.Equal(200, (await AssertingClient.AskAsync(_server, assertion)).Status);
        _server.Clock.Advance(TimeSpan.FromSeconds(10)); // the window for two tabs is over

        await MishapAsync(passing, jumps);

        Assert.Equal((400, "invalid_grant", mishap), Told(await _server.RefreshAsync(client, rotated.RefreshToken), mishap));
        Assert.Equal((400, "invalid_grant", mishap), Told(await _server.RefreshAsync(client, revoked.RefreshToken), mishap));
        Assert.False(await _server.IsActiveAsync(revoked.AccessToken), mishap);
        Assert.Equal(400, (await _server.PollAsync(device, asked)).Status); // invalid_grant, or expired_token where the row is gone
        Assert.Equal((401, "invalid_client", mishap), Told(await AssertingClient.AskAsync(_server, assertion), mishap));
        Assert.Equal((400, "invalid_grant", mishap), Told(await _server.RedeemAsync(client, code), mishap));
        Assert.False(await _server.IsActiveAsync(tokens.AccessToken), mishap); // the second use of its code ended it
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    [Case(403)]
    public async Task What_people_type_once_stays_used(string mishap, int passing, int[] jumps)
    {
        var person = await _server.AddPersonWithAppAsync();
        var totp = person.App.FreshCode();
        using var signedIn = await SignInAsync(person.Name);
        var place = signedIn.Address.ToString();
        using var halfSignedIn = _server.CopyOf(signedIn);
        await signedIn.TypeCodeAsync(totp);
        Assert.True(signedIn.IsSignedIn());
        var recovery = person.Codes[0];
        using (var recovered = await RecoverAsync(person.Name, recovery))
        {
            Assert.True(recovered.IsSignedIn());
        }

        await signedIn.GoAsync("/signout");
        using var signedOut = _server.CopyOf(signedIn);
        await signedIn.SendFormAsync("#signout", ("decision", "signout"));

        await MishapAsync(passing, jumps);

        await halfSignedIn.GoAsync(place);
        if (halfSignedIn.Page.QuerySelector("#second-factor") is not null)
        {
            await halfSignedIn.TypeCodeAsync(totp);
        }

        Assert.False(halfSignedIn.IsSignedIn(), mishap);
        using var again = await SignInAsync(person.Name);
        await again.TypeCodeAsync(totp);
        Assert.False(again.IsSignedIn(), mishap);
        using var recoveredAgain = await RecoverAsync(person.Name, recovery);
        Assert.False(recoveredAgain.IsSignedIn(), mishap);
        await signedOut.GoAsync("/account");
        Assert.Equal("/signin", signedOut.Address.AbsolutePath);
    }

    [Theory]
    [MemberData(nameof(Mishaps))]
    [Case(403)]
    public async Task What_was_mailed_stays_used_and_tries_stay_counted(string mishap, int passing, int[] jumps)
    {
        var (used, linked, tried) = (await AskForMailAsync(), await AskForMailAsync(), await AskForMailAsync());
        using var usedAgain = _server.CopyOf(used.Browser);
        await usedAgain.GoAsync("/signin/email/code");
        using var linkedAgain = _server.CopyOf(linked.Browser);
        await used.Browser.SendFormAsync("#email-code", ("code", used.Mail.Code));
        Assert.True(used.Browser.IsSignedIn());
        await linked.Browser.GoAsync(linked.Mail.Link.PathAndQuery);
        await linkedAgain.GoAsync(linked.Mail.Link.PathAndQuery);
        await linked.Browser.SendFormAsync("#email-link");
        Assert.True(linked.Browser.IsSignedIn());
        for (var number = 0; number < 5; number++)
        {
            await tried.Browser.SendFormAsync("#email-code", ("code", "00000000"));
        }

        await MishapAsync(passing, jumps);

        await usedAgain.SendFormAsync("#email-code", ("code", used.Mail.Code));
        Assert.False(usedAgain.IsSignedIn(), mishap);
        await linkedAgain.SendFormAsync("#email-link");
        Assert.False(linkedAgain.IsSignedIn(), mishap);
        await tried.Browser.SendFormAsync("#email-code", ("code", tried.Mail.Code));
        Assert.False(tried.Browser.IsSignedIn(), mishap);
        new[] { used.Browser, linked.Browser, tried.Browser }.ToList().ForEach(browser => browser.Dispose());
    }

    /// <summary>Name and password are typed; the app is asked for.</summary>
    private async Task<Browser> SignInAsync(string name)
    {
        var browser = _server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(name);
        Assert.Equal("/signin/second-factor", browser.Address.AbsolutePath);
        return browser;
    }

    private async Task<Browser> RecoverAsync(string name, string code)
    {
        var browser = await SignInAsync(name);
        await browser.GoAsync(browser.Page.QuerySelector("#use-recovery_code")!.GetAttribute("href")!);
        await browser.SendFormAsync("#recovery-code", ("code", code));
        return browser;
    }

    /// <summary>A browser that asked for a mail to sign in, and the mail.</summary>
    private async Task<(Browser Browser, SentMail Mail)> AskForMailAsync()
    {
        var address = $"{Guid.NewGuid():N}@example.com";
        await _server.AddPersonAsync(account => (account.Email, account.EmailConfirmed) = (address, true));
        var browser = _server.NewBrowser();
        await browser.GoAsync("/signin/email");
        await browser.SendFormAsync("#signin-email", ("username", address), ("decision", "send"));
        return (browser, await _server.Mails.NextAsync(address));
    }

    private static (int, string, string) Told(Answer answer, string mishap) => (answer.Status, answer.StatusAndError.Error, mishap);

    /// <summary>The clock is set again and again, and after each time the clean-up believes it.</summary>
    private async Task MishapAsync(int passing, int[] jumps)
    {
        foreach (var seconds in jumps)
        {
            _server.Clock.Advance(TimeSpan.FromSeconds(passing));
            _server.Clock.Jump(TimeSpan.FromSeconds(seconds));
            Assert.NotNull(await _server.Services.GetRequiredService<ExpiredRowCleanup>().RunOnceAsync(CancellationToken.None));
        }
    }
}
