using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>
/// One walk past all pages in one language. At each stop everything is looked at, in one view after the other, so that nobody has to walk
/// again; what is wrong is noted, and the walk goes on.
/// </summary>
internal sealed class PageWalk
{
    /// <summary>The walk on which is also done what needs no second language.</summary>
    public const string Thorough = "en";

    public const string Forms = "forms";
    public const string Keyboard = "keyboard";
    public const string ForcedColors = "forced colours";

    private readonly Visitor _visitor;
    private readonly string _locale;
    private readonly List<(string Check, string Problem)> _problems = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private string _last = "no stop";
    private string? _end;

    private PageWalk(Visitor visitor, string locale) => (_visitor, _locale) = (visitor, locale);

    /// <summary>What was seen of the <see cref="PageInventory"/>.</summary>
    public IReadOnlySet<string> Seen => _seen;

    /// <summary>Of the browser, on the whole way.</summary>
    public IReadOnlyCollection<string> Complaints => _visitor.Complaints;

    public static async Task<PageWalk> WalkAsync(BrowserFixture fixture, string locale)
    {
        var (colors, width) = ViewsOf(locale).Select(view => (view.Colors, view.Width)).First();
        await using var visitor = await fixture.NewVisitorAsync(colors, width, locale: locale);
        var walk = new PageWalk(visitor, locale);
        try
        {
            await new PageTour(fixture, visitor, walk.LookAsync).WalkAsync();
        }
        catch (Exception fault) when (fault is PlaywrightException or TimeoutException or Xunit.Sdk.XunitException)
        {
            walk._end = $"the walk came to an end after {walk._last}, at {visitor.Page.Url}: {fault}";
        }

        return walk;
    }

    /// <summary>What one check, or one view, found at all stops; and why the walk was not finished, if so.</summary>
    public IEnumerable<string> ProblemsOf(string check) => _problems
        .Where(noted => string.Equals(noted.Check, check, StringComparison.Ordinal)).Select(noted => noted.Problem)
        .Concat(_end is null ? [] : [_end]);

    private static IEnumerable<PageView> ViewsOf(string locale) =>
        PageView.All.Where(view => string.Equals(view.Locale, locale, StringComparison.Ordinal));

    private async Task LookAsync(string stop)
    {
        _last = stop;
        var isThorough = _locale is Thorough;
        if (isThorough)
        {
            Note(Forms, await PageChecks.OfFormsAsync(_visitor.Page));
            _seen.UnionWith(await PageInventory.SeenAsync(_visitor));
        }

        foreach (var view in ViewsOf(_locale))
        {
            Note(view.Name, await PageChecks.OfFitnessAsync(_visitor.Page, view));
        }

        await ViewsOf(_locale).First().ShowAsync(_visitor.Page);
        if (isThorough)
        {
            Note(ForcedColors, await PageChecks.OfForcedColorsAsync(_visitor.Page));
            Note(Keyboard, await PageChecks.OfKeyboardAsync(_visitor.Page));
        }
    }

    private void Note(string check, IEnumerable<string> problems) =>
        _problems.AddRange(problems.Select(problem => (check, $"{_last}: {problem}")));
}
