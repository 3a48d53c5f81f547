using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed class PageLanguageTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory]
    [InlineData(null, "en")]
    [InlineData("fr;q=0.9, xx, *;q=0.1", "en")]
    [InlineData("en-GB", "en")]
    [InlineData("\u00e9;;;=,,,q=9", "en")]
    [InlineData("de-AT, en;q=0.5", "de")]
    [InlineData("fr, de;q=0.5, en;q=0.4", "de")]
    [InlineData("de;q=0, en", "en")]
    public async Task The_browsers_wishes_are_heard_in_their_order(string? accepted, string language)
    {
        using var browser = server.NewBrowser();
        var answer = await GoAsync(browser, "/signin", accepted);

        Assert.Equal((200, language), (answer.Status, answer.Header("Content-Language")));
        Assert.Equal(language, browser.Page.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task Texts_come_in_the_chosen_language()
    {
        using var browser = server.NewBrowser();
        await GoAsync(browser, "/signin", "de");

        Assert.Equal("Anmelden", browser.Page.QuerySelector("h1")!.TextContent);
    }

    [Fact]
    [Clause("OIDC Core", "3.1.2.1", "An error SHOULD NOT result if some or all of the requested locales are not supported by the OpenID Provider")]
    public async Task Ui_locales_of_the_client_count_more_than_the_browsers_wishes()
    {
        using var browser = server.NewBrowser();
        var shop = server.Register(TestClients.Public());
        await browser.GoAsync(shop.AuthorizeAddress(("ui_locales", "xx de-CH en")));

        Assert.Equal("de", browser.Page.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    [Clause("OIDC Discovery", "3", "Languages and scripts supported for the user interface, represented as a JSON array of BCP47 language tag values")]
    public async Task The_metadata_names_the_languages_there_are()
    {
        var metadata = (await server.GetAsync("/.well-known/openid-configuration")).Json;

        Assert.Equal(["de", "en"], metadata.GetProperty("ui_locales_supported").EnumerateArray().Select(tag => tag.GetString()));
    }

    [Fact]
    public async Task Who_chose_a_language_gets_it_wherever_they_sign_in()
    {
        using var fresh = new ServerFixture();
        using var browser = await fresh.SignInAsync("bob");
        await ChooseAsync(browser, "de");
        Assert.Equal("Ihre Sprache ist gespeichert.", browser.Page.QuerySelector("#done")!.TextContent);

        using var elsewhere = await fresh.SignInAsync("bob");
        await GoAsync(elsewhere, "/account", "en");
        Assert.Equal("de", elsewhere.Page.DocumentElement.GetAttribute("lang"));

        await ChooseAsync(elsewhere, string.Empty);
        await GoAsync(elsewhere, "/account", "en");
        Assert.Equal("en", elsewhere.Page.DocumentElement.GetAttribute("lang"));
    }

    [Fact]
    public async Task The_choice_of_one_person_does_not_stay_for_the_next()
    {
        using var fresh = new ServerFixture();
        using var browser = await fresh.SignInAsync("alice");
        await ChooseAsync(browser, "de");
        await browser.GoAsync("/signin?fresh=true");
        await browser.SubmitAsync("signin", ("username", "bob"), ("password", ServerFixture.Password));

        Assert.Equal("/account", browser.Address.AbsolutePath);
        Assert.Equal("en", browser.Page.DocumentElement.GetAttribute("lang"));
    }

    [Theory]
    [InlineData("fr")]
    [InlineData("de<script>")]
    public async Task A_language_that_is_not_there_cannot_be_chosen(string language)
    {
        using var browser = await server.SignInAsync("bob");

        Assert.Equal(404, (await ChooseAsync(browser, language)).Status);
    }

    private static Task<Answer> ChooseAsync(Browser browser, string language) => browser.PostAsync(
        "/account?handler=Language",
        [
            new("language", language),
            new("__RequestVerificationToken", browser.Page.QuerySelector("#language-form input[name=__RequestVerificationToken]")!.GetAttribute("value")!),
        ]);

    private static Task<Answer> GoAsync(Browser browser, string address, string? accepted)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(ServerFixture.Issuer), address));
        if (accepted is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        }

        return browser.SendOnceAsync(request);
    }
}
