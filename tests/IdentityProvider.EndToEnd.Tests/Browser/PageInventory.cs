using System.Text.RegularExpressions;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>The views of the pages and the ids in them, as they are written, and as somebody sees them.</summary>
internal static partial class PageInventory
{
    private static readonly string Pages = Path.Combine(Repository.Root, "src", "IdentityProvider.Server", "Pages");

    /// <summary>What of a view without an address of its own stands in a page that shows it.</summary>
    private static readonly Dictionary<string, string> Shared = new(StringComparer.Ordinal)
    {
        ["_AccountLayout"] = ".sections",
        ["_Client"] = ".client .client-name",
        ["_ClientLinks"] = "a[rel~=noopener]",
        ["_Done"] = "#done",
        ["_ErrorPage"] = "section:not(:has(#explanation)) #error-id",
        ["_Field"] = ".field input",
        ["_FormPost"] = "#form-post",
        ["_FrontchannelLogout"] = "#frames",
        ["_Layout"] = ".masthead",
        ["_Leaving"] = "#leave",
        ["_OtherFactors"] = "[id^=use-]",
        ["_PasskeyForm"] = "form[data-passkey]:not([hidden])",
        ["_RecoveryCodes"] = "#codes",
        ["_Scopes"] = "#scopes",
        ["_TotpOffer"] = "#totp-key",
        ["_TrustBrowser"] = "#trust",
        ["_UpstreamMessage"] = "#explanation",
    };

    /// <summary>Ids of what stands there only after a limit or a long time, or when a request asks for a level that it does not insist on.</summary>
    private static readonly string[] Elsewhere = ["notice", "problem", "older", "newest", "decline"];

    /// <summary>The views of the present page, and its ids.</summary>
    public static async Task<IEnumerable<string>> SeenAsync(Visitor visitor)
    {
        var ids = await visitor.Page.EvaluateAsync<string[]>("Array.from(document.querySelectorAll('[id]')).map(element => element.id)");
        var shown = await visitor.Page.EvaluateAsync<string[]>(
            "selectors => selectors.filter(selector => document.querySelector(selector) !== null)", Shared.Values.ToArray());
        var views = Shared.Where(view => shown.Contains(view.Value, StringComparer.Ordinal)).Select(view => view.Key).ToList();
        var isError = views.Contains("_ErrorPage");
        var page = isError ? null : Files().FirstOrDefault(file => file.Route is { } route && IsAt(route, visitor.Path)).Name;
        return views.Concat(page is null ? [] : ids.Select(id => $"{page}#{id}").Append(page));
    }

    /// <summary>Every view, and every id that is written in one with an address, but for what only waits for other tests.</summary>
    public static IEnumerable<string> Written() => Files().SelectMany(file => file.Route is null
        ? [file.Name]
        : Id().Matches(file.Text).Select(match => $"{file.Name}#{match.Groups["id"].Value}")
            .Where(id => !Elsewhere.Contains(id[(id.IndexOf('#', StringComparison.Ordinal) + 1)..], StringComparer.Ordinal)).Append(file.Name));

    private static IEnumerable<(string Name, string Text, string? Route)> Files() =>
        from path in Directory.EnumerateFiles(Pages, "*.cshtml", SearchOption.AllDirectories)
        let name = Path.GetFileNameWithoutExtension(path)
        where name is not ("_ViewImports" or "_ViewStart")
        let text = File.ReadAllText(path)
        let route = Route().Match(text)
        select (name, text, route.Success ? route.Groups["route"].Value : null);

    /// <summary>Whether a path is one of a route: its own words, and something for each parameter that may not be left out.</summary>
    private static bool IsAt(string route, string path)
    {
        var (words, parts) = (route.Split('/'), path.Split('/'));
        return parts.Length <= words.Length && words.Select((word, i) => (Word: word, Part: parts.ElementAtOrDefault(i))).All(pair =>
            pair.Word.EndsWith("?}", StringComparison.Ordinal)
            || (pair.Word.EndsWith('}') ? pair.Part is not null : string.Equals(pair.Word, pair.Part, StringComparison.Ordinal)));
    }

    [GeneratedRegex("^@page \"(?<route>[^\"]+)\"", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Route();

    [GeneratedRegex(" id=\"(?<id>[a-z][a-z0-9-]*)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Id();
}
