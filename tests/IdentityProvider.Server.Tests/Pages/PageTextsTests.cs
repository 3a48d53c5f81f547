using System.Text.RegularExpressions;
using System.Xml.Linq;
using IdentityProvider.Server.Tests.Documentation;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Pages;

public sealed partial class PageTextsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    /// <summary>Keys that are put together while the server runs.</summary>
    private static readonly string[] Composed = ["Scope.", "Account.Done.", "Device.Done."];

    [Fact]
    public void Every_text_that_pages_use_is_there_and_every_text_is_used()
    {
        var pages = Path.Combine(Repository.Root, "src", "IdentityProvider.Server", "Pages");
        var code = Directory.EnumerateFiles(pages, "*.cs*", SearchOption.AllDirectories).SelectMany(file => Key().Matches(File.ReadAllText(file)));
        var used = code.Select(match => match.Groups["key"].Value).ToHashSet(StringComparer.Ordinal);
        var there = XDocument.Load(Path.Combine(Repository.Root, "src", "IdentityProvider.Server", "Resources", "PageTexts.resx"))
            .Descendants("data").Select(data => data.Attribute("name")!.Value).ToHashSet(StringComparer.Ordinal);

        Assert.Equal([], used.Except(there).Except(Composed));
        Assert.Equal([], there.Except(used).Where(key => !Array.Exists(Composed, start => key.StartsWith(start, StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("fr;q=0.9, xx, *;q=0.1")]
    [InlineData("en-GB")]
    [InlineData("\u00e9;;;=,,,q=9")]
    public async Task Who_wants_a_language_we_do_not_have_gets_English(string? accepted)
    {
        using var browser = server.NewBrowser();
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(ServerFixture.Issuer), "/signin"));
        if (accepted is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        }

        var answer = await browser.SendOnceAsync(request);

        Assert.Equal((200, "en"), (answer.Status, answer.Header("Content-Language")));
        Assert.Equal("en", browser.Page.DocumentElement.GetAttribute("lang"));
    }

    [GeneratedRegex("\"(?<key>(?:Layout|Client|SignIn|Register|Password|SelectAccount|Consent|Scope|SignOut|SignedOut|Account|Device|Time|ChangePassword|Home|FormPost|FrontchannelLogout|Error)\\.[A-Za-z.]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Key();
}
