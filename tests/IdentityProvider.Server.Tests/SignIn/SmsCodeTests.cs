using System.Text.Json;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class SmsCodeTests(SmsCodeTests.Fixture fixture) : IClassFixture<SmsCodeTests.Fixture>
{
    private readonly ServerFixture _server = fixture.Server;

    [Fact]
    public async Task A_number_counts_when_its_code_was_typed_and_then_makes_two_factors_with_the_password()
    {
        var (name, number) = await AddPersonAsync();
        var client = _server.Register(TestClients.Public() with { RequireConsent = false });
        using var browser = _server.NewBrowser();
        await browser.GoAsync(client.AuthorizeAddress());

        await browser.TypePasswordAsync(name);
        Assert.Equal("/signin/sms-code", browser.Address.AbsolutePath);
        Assert.Null(fixture.FindCode(number));
        await browser.SendFormAsync("#send", ("decision", "send"));
        Assert.Equal("one-time-code", browser.Page.QuerySelector("#code")!.GetAttribute("autocomplete"));
        await TypeAsync(browser, await CodeAsync(number));

        var token = (await _server.RedeemAsync(client, Flows.Parameters(browser.LeftTo!)["code"])).Json.GetProperty("id_token").GetString()!;
        var claims = SecondFactorSteps.ClaimsOf(token);
        Assert.Equal("2", claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "sms", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(value => value.GetString()!));
    }

    [Fact]
    [Case(421)]
    public async Task The_message_names_our_host_and_neither_outbox_nor_log_holds_the_code()
    {
        var (name, number) = await AddPersonAsync();
        using var browser = await AskedAsync(name);
        var queued = (await _server.Services.GetRequiredService<IOutboxStore>().ListAsync(OutboxState.Pending, 1, default))[0];
        await _server.Mails.DeliverAsync();
        var code = fixture.FindCode(number)!;
        var delivered = (await _server.Services.GetRequiredService<IOutboxStore>().ListAsync(OutboxState.Delivered, 1, default))[0];

        Assert.EndsWith($"\n\n@id.example #{code}", fixture.FindText(number), StringComparison.Ordinal);
        Assert.Equal("sms", queued.Kind);
        Assert.DoesNotContain(number, queued.Payload, StringComparison.Ordinal);
        Assert.Null(delivered.Payload);
        Assert.False(_server.Logs.Tells(code));
        Assert.DoesNotContain(number, _server.Logs.AllText, StringComparison.Ordinal);
    }

    [Fact]
    [Case(301)]
    [Case(269)]
    public async Task After_five_wrong_codes_the_sign_in_is_over_and_the_right_one_is_worth_nothing()
    {
        var (name, number) = await AddPersonAsync();
        using var browser = await AskedAsync(name);
        var code = await CodeAsync(number);
        var form = browser.FieldsOf("#sms-code");
        var address = browser.Address.ToString();
        for (var guess = 0; guess < 5; guess++)
        {
            Assert.Equal(400, (await TypeAsync(browser, AnotherThan(code))).Status);
        }

        await browser.PostAsync(address, [.. form.Where(pair => pair.Key is not "code"), new("code", code), new("decision", "continue")]);

        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(301)]
    [Case(397)]
    public async Task A_code_works_once_in_the_browser_that_asked_for_it_and_for_ten_minutes()
    {
        var (name, number) = await AddPersonAsync();
        using var first = await AskedAsync(name);
        var code = await CodeAsync(number);
        using var other = await AskedAsync(name);
        Assert.Equal(400, (await TypeAsync(other, code)).Status);
        await TypeAsync(first, code);
        Assert.True(first.IsSignedIn());
        Assert.False(other.IsSignedIn());

        using var late = await AskedAsync(name);
        var second = await CodeAsync(number);
        _server.Clock.Advance(TimeSpan.FromMinutes(10));
        await TypeAsync(late, second);

        Assert.False(late.IsSignedIn());
    }

    [Fact]
    [Case(301)]
    public async Task The_code_of_another_person_is_wrong()
    {
        var ((name, _), (stranger, number)) = (await AddPersonAsync(), await AddPersonAsync());
        using var other = await AskedAsync(stranger);
        var code = await CodeAsync(number);
        using var browser = await AskedAsync(name);

        Assert.Equal(400, (await TypeAsync(browser, code)).Status);
        Assert.False(browser.IsSignedIn());
    }

    [Fact]
    [Case(298)]
    public async Task One_telephone_gets_five_messages_an_hour()
    {
        var (name, number) = await AddPersonAsync();
        using var browser = await AskedAsync(name);
        for (var more = 0; more < 3; more++)
        {
            Assert.Equal(200, (await browser.SendFormAsync("#send", ("decision", "send"))).Status);
        }

        var answer = await browser.SendFormAsync("#send", ("decision", "send"));

        Assert.Equal(429, answer.Status);
        Assert.NotNull(answer.Header("Retry-After"));
        Assert.NotNull(browser.Page.QuerySelector("#notice"));
        await CodeAsync(number);

        // And the one that set it up.
        Assert.Equal(4, fixture.Count(number));
    }

    [Fact]
    public async Task A_number_whose_code_was_not_typed_is_none()
    {
        var name = await _server.AddPersonAsync();
        using var browser = await _server.SignInAsync(name);
        await browser.GoAsync("/account/second-factor/telephone");
        var number = NewNumber();
        await browser.SendFormAsync("#telephone", ("number", number));

        var answer = await browser.SendFormAsync("#telephone-code", ("code", AnotherThan(await CodeAsync(number))));
        await browser.GoAsync("/account/second-factor");

        Assert.Equal(400, answer.Status);
        Assert.NotNull(browser.Page.QuerySelector("#add-telephone"));
        using var again = await _server.SignInAsync(name);
        Assert.True(again.IsSignedIn());
    }

    [Theory]
    [InlineData("020 7946 0018")]
    [InlineData("+44")]
    [InlineData("+0044207946001")]
    [InlineData("+44 20 7946 0018, +44 20 7946 0019")]
    [InlineData("+4420794600188888888")]
    [InlineData("+44207946\r\n0018")]
    [InlineData("")]
    [Case(368)]
    public async Task What_is_no_number_is_refused_beside_the_field(string number)
    {
        using var browser = await _server.SignInAsync(await _server.AddPersonAsync());
        await browser.GoAsync("/account/second-factor/telephone");

        var answer = await browser.SendFormAsync("#telephone", ("number", number));

        Assert.Equal(400, answer.Status);
        Assert.NotNull(browser.Page.QuerySelector("#number-problem"));
    }

    [Fact]
    [Case(277)]
    public async Task Adding_and_removing_a_telephone_asks_for_a_fresh_proof_and_removing_it_for_both_factors()
    {
        var (name, number) = await AddPersonAsync();
        using var browser = await AskedAsync(name);
        await TypeAsync(browser, await CodeAsync(number));
        await browser.GoAsync("/account/second-factor");
        _server.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.GoAsync("/account/second-factor/telephone");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.GoAsync("/account/second-factor");
        await browser.SendFormAsync("#remove-telephone");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        await browser.TypePasswordAsync(name);
        await browser.SendFormAsync("#send", ("decision", "send"));
        await TypeAsync(browser, await CodeAsync(number));
        await browser.SendFormAsync("#remove-telephone");

        Assert.NotNull(browser.Page.QuerySelector("#add-telephone"));
        using var after = await _server.SignInAsync(name);
        Assert.True(after.IsSignedIn());
    }

    [Fact]
    [Case(277)]
    public async Task Who_has_a_telephone_sets_up_an_app_only_with_a_code_from_it()
    {
        var (name, number) = await AddPersonAsync();
        using var browser = await AskedAsync(name);
        await browser.SendFormAsync("#sms-code", ("code", await CodeAsync(number)), ("trust", "true"), ("decision", "continue"));
        await browser.GoAsync("/signout");
        await browser.SubmitAsync("signout");
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(name);
        Assert.Equal("/account", browser.Address.AbsolutePath);

        await browser.GoAsync("/account/second-factor/app");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        fixture.Forget(number);
        await browser.TypePasswordAsync(name);
        await browser.SendFormAsync("#send", ("decision", "send"));
        await TypeAsync(browser, await CodeAsync(number));

        Assert.Equal("/account/second-factor/app", browser.Address.AbsolutePath);
        Assert.NotNull(browser.Page.QuerySelector("#totp-key"));
    }

    [Fact]
    public async Task The_pages_alone_open_nothing_and_without_the_method_there_are_none()
    {
        using var browser = _server.NewBrowser();
        await browser.GoAsync("/signin/sms-code");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        using var server = new ServerFixture();
        using var other = await server.SignInAsync("alice");

        await other.GoAsync("/account/second-factor/telephone");
        Assert.Equal(404, other.Current!.Status);
        await other.GoAsync("/account/second-factor");
        Assert.Null(other.Page.QuerySelector("#telephone"));
    }

    private static string NewNumber() => "+4915" + Random8();

    private static string Random8() => System.Security.Cryptography.RandomNumberGenerator.GetString("0123456789", 8);

    /// <summary>Somebody with a telephone, set up on our page.</summary>
    private async Task<(string Name, string Number)> AddPersonAsync()
    {
        var (name, number) = (await _server.AddPersonAsync(), NewNumber());
        using var browser = await _server.SignInAsync(name);
        await browser.GoAsync("/account/second-factor/telephone");
        await browser.SendFormAsync("#telephone", ("number", $"{number[..3]} {number[3..7]}-{number[7..]}"));
        await browser.SendFormAsync("#telephone-code", ("code", await CodeAsync(number)));
        Assert.Equal("/account/second-factor", browser.Address.AbsolutePath);
        Assert.NotNull(browser.Page.QuerySelector("#remove-telephone"));
        fixture.Forget(number);
        return (name, number);
    }

    private async Task<Browser> AskedAsync(string name)
    {
        var browser = _server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.TypePasswordAsync(name);
        await browser.SendFormAsync("#send", ("decision", "send"));
        return browser;
    }

    /// <summary>The newest code that was sent there.</summary>
    private async Task<string> CodeAsync(string number)
    {
        await _server.Mails.DeliverAsync();
        return fixture.FindCode(number) ?? throw new InvalidOperationException("no message to " + number);
    }

    /// <summary>A fixed code is right by chance once in a million.</summary>
    private static string AnotherThan(string code) => code is "000000" ? "000001" : "000000";

    private static Task<Answer> TypeAsync(Browser browser, string code) => browser.SendFormAsync("#sms-code", ("code", code), ("decision", "continue"));

    public sealed class Fixture : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-sms-");

        public Fixture()
        {
            Server = ServerFixture.With($$"""
                {
                  "SignIn": { "methods": ["password", "totp", "recovery_code", "sms_code"] },
                  "Sms": { "transport": "file", "folder": {{JsonSerializer.Serialize(_folder.FullName)}} },
                  "Limits": { "text_messages_per_address": 10000 }
                }
                """);
            Server.PauseDeliveriesAsync().GetAwaiter().GetResult();
        }

        public ServerFixture Server { get; }

        public string? FindText(string number) => Texts(number).LastOrDefault().Text;

        public string? FindCode(string number) => FindText(number) is { } text ? text[..6] : null;

        public int Count(string number) => Texts(number).Count();

        public void Forget(string number)
        {
            foreach (var (file, _) in Texts(number).ToList())
            {
                file.Delete();
            }
        }

        public void Dispose()
        {
            Server.Dispose();
            _folder.Delete(recursive: true);
        }

        /// <summary>Names are ids of version 7: in the order in which they were queued, a millisecond fine.</summary>
        private IEnumerable<(FileInfo File, string Text)> Texts(string number) =>
            from file in _folder.GetFiles("*.json")
            let json = JsonElement.Parse(File.ReadAllText(file.FullName))
            where json.GetProperty("to").GetString() == number
            orderby file.LastWriteTimeUtc, file.Name
            select (file, json.GetProperty("text").GetString()!);
    }
}
