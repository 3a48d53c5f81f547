using System.Text.RegularExpressions;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>What the <see cref="PageTour"/> sees of forms, and whether it sees everything there is.</summary>
[Collection(SharedBrowser.Name)]
public sealed partial class PageFormTests(BrowserFixture fixture)
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

    /// <summary>What stands in a form: type, name, and the hints for who fills it in.</summary>
    private static readonly string[] KnownHints =
    [
        "password password current-password", "password password new-password", "password current current-password",
        "text username username", "text username username webauthn", "email email username", "email email email", "text name name",
        "text code one-time-code numeric", "text code off", "tel number tel tel", "text user_code off", "text confirm off", "text name off",
    ];

    [Fact]
    public async Task Every_form_can_be_filled_in_for_the_person_and_no_page_is_left_out()
    {
        var problems = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        await using var visitor = await fixture.NewVisitorAsync();
        await new PageTour(fixture, visitor, async name =>
        {
            problems.AddRange((await ProblemsAsync(visitor)).Select(problem => name + ": " + problem));
            seen.UnionWith(await SeenAsync(visitor));
        }).WalkAsync();

        Assert.Equal([], problems.Distinct(StringComparer.Ordinal));
        var missing = string.Join('\n', Expected().Except(seen, StringComparer.Ordinal));
        Assert.True(missing.Length == 0, "never seen:\n" + missing);
    }

    private static async Task<IEnumerable<string>> ProblemsAsync(Visitor visitor)
    {
        var hints = await visitor.Page.EvaluateAsync<string[]>(
            """
            Array.from(document.querySelectorAll('input:not([type=hidden]):not([type=checkbox])'))
              .filter(input => !input.closest('#profile'))
              .map(input => [input.type, input.name, input.getAttribute('autocomplete'), input.getAttribute('inputmode')].filter(part => part).join(' '))
            """);
        var silent = await visitor.Page.EvaluateAsync<string[]>(
            """
            [].concat(
              Array.from(document.querySelectorAll('input:not([type=hidden]), select')).filter(input => !input.hidden).flatMap(input => [].concat(
                input.labels.length === 1 || input.getAttribute('aria-label') ? [] : ['no label: ' + input.outerHTML],
                input.getAttribute('autocomplete') || input.type === 'checkbox' ? [] : ['no autocomplete: ' + input.outerHTML],
                input.getAttribute('enterkeyhint') || input.type === 'checkbox' || input.localName === 'select' ? [] : ['no enterkeyhint: ' + input.outerHTML])),
              Array.from(document.querySelectorAll('form')).filter(form => form.querySelector('[type=password]') && !form.querySelector('[autocomplete~=username]'))
                .map(form => 'whose password: ' + form.id),
              Array.from(document.querySelectorAll('.problem')).filter(problem => !document.querySelector(`[aria-invalid=true][aria-describedby~="${problem.id}"]`))
                .map(problem => 'loose: ' + problem.outerHTML),
              document.querySelectorAll('[autofocus]').length > 1 ? ['more than one autofocus'] : [],
              document.querySelector('[aria-invalid=true]') && !document.querySelector('[aria-invalid=true]:focus') ? ['the first problem has no focus'] : [],
              location.pathname.startsWith('/account') && !document.querySelector('#codes, .sections [aria-current]') && location.pathname !== '/account/closed'
                ? ['no way to the other pages of the account'] : [])
            """);
        return hints.Except(KnownHints, StringComparer.Ordinal).Select(hint => "hints: " + hint).Concat(silent);
    }

    /// <summary>The views of the present page, and its ids.</summary>
    private static async Task<IEnumerable<string>> SeenAsync(Visitor visitor)
    {
        var ids = await visitor.Page.EvaluateAsync<string[]>("Array.from(document.querySelectorAll('[id]')).map(element => element.id)");
        var views = new List<string>();
        foreach (var (view, selector) in Shared)
        {
            if (await visitor.Page.QuerySelectorAsync(selector) is not null)
            {
                views.Add(view);
            }
        }

        var isError = views.Contains("_ErrorPage");
        var page = isError ? null : Files().FirstOrDefault(file => file.Route is { } route && IsAt(route, visitor.Path)).Name;
        return views.Concat(page is null ? [] : ids.Select(id => $"{page}#{id}").Append(page));
    }

    /// <summary>Every view, and every id that is written in one with an address, but for what only waits for other tests.</summary>
    private static IEnumerable<string> Expected() => Files().SelectMany(file => file.Route is null
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
