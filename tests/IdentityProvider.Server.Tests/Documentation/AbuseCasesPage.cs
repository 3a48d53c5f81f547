using System.Globalization;
using System.Text;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>
/// Writes <c>docs/abuse-cases.md</c>: what somebody may try, and which test shows that it fails. The list is <c>tests/Shared/abuse-cases.txt</c>.
/// </summary>
internal static class AbuseCasesPage
{
    private static readonly (string Letter, string Name)[] Groups =
    [
        ("A", "Authorization endpoint"),
        ("B", "Redirect URIs"),
        ("C", "PKCE"),
        ("D", "Authorization codes"),
        ("E", "Token endpoint and client authentication"),
        ("F", "Refresh tokens"),
        ("G", "Device flow and backchannel authentication"),
        ("H", "JWT and JOSE"),
        ("I", "Proof of possession"),
        ("J", "Pushed and signed requests"),
        ("K", "Registration of clients"),
        ("L", "Introspection, revocation, exchange"),
        ("M", "Userinfo and own resources"),
        ("N", "Sign-out"),
        ("O", "Sign-in and sessions"),
        ("P", "Reset, invitations, mail"),
        ("Q", "Second factor and passkeys"),
        ("R", "Upstream providers and directories"),
        ("S", "Administration and tenants"),
        ("T", "Injection"),
        ("U", "HTTP limits and parsers"),
        ("V", "Faults of database and process"),
        ("W", "Clocks"),
        ("X", "Key rotation"),
        ("Y", "Logs and data at rest"),
        ("Z", "Cookies and headers"),
    ];

    public static IReadOnlyList<AbuseCase> Cases { get; } =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, "tests", "Shared", "abuse-cases.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(AbuseCase.Parse),
    ];

    public static string Write()
    {
        var tests = MarkedTests.All
            .SelectMany(test => test.Cases, (test, number) => (number, test.Title))
            .ToLookup(pair => pair.number, pair => pair.Title);
        var page = new StringBuilder("""
            # Abuse cases and the tests that cover them

            *Made from `tests/Shared/abuse-cases.txt` and the `[Case]` marks of the tests; do not edit. To write it anew:
            `IDP_UPDATE_DOCS=1 dotnet test tests/IdentityProvider.Server.Tests --filter AbuseCasesPage`.*

            Numbers are names and stay. A case is *tested* when at least one test bears its number; it *waits* when what it speaks of is not
            built; otherwise it is *open*.

            | group | cases | tested | waiting | open |
            | --- | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        foreach (var (letter, name) in Groups)
        {
            var states = Cases.Where(one => one.Group == letter).Select(one => StateOf(one, tests)[0]).ToList();
            page.Append(CultureInfo.InvariantCulture, $"| {letter}. {name} | {states.Count} | {Count('t')} | {Count('w')} | {Count('o')} |\n");
            int Count(char state) => states.Count(one => one == state);
        }

        foreach (var (letter, name) in Groups)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {letter}. {name}\n\n| no. | what is tried | state |\n| --- | --- | --- |\n");
            foreach (var one in Cases.Where(one => one.Group == letter).OrderBy(one => one.Number))
            {
                page.Append(CultureInfo.InvariantCulture, $"| {one.Number} | {one.Title} | {StateOf(one, tests)} |\n");
            }
        }

        return page.ToString();
    }

    private static string StateOf(AbuseCase one, ILookup<int, string> tests)
    {
        if (tests[one.Number].Any())
        {
            return "tested: " + string.Join("<br>", tests[one.Number].Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        }

        return one.WaitsFor is { } feature ? "waits for " + feature : "open";
    }
}

/// <summary>A line of the list.</summary>
/// <param name="Number">Its name for ever.</param>
/// <param name="Group">A letter.</param>
/// <param name="Title">What is tried.</param>
/// <param name="WaitsFor">The feature it speaks of, while that is not built; null when it is there.</param>
internal sealed record AbuseCase(int Number, string Group, string Title, string? WaitsFor)
{
    public static AbuseCase Parse(string line) =>
        line.Split('|') is [var number, var group, var title, var feature]
            ? new AbuseCase(int.Parse(number, CultureInfo.InvariantCulture), group, title, feature == "-" ? null : feature)
            : throw new FormatException("not number|group|title|feature: " + line);
}
