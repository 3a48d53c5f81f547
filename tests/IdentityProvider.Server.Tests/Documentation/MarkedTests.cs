using System.Globalization;
using System.Text.RegularExpressions;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>
/// The tests of all test projects that are marked with <c>[Clause]</c> or <c>[Case]</c>, read from their source: so this project needs
/// none of the others to be built.
/// </summary>
internal static partial class MarkedTests
{
    public static IReadOnlyList<MarkedTest> All { get; } =
    [
        .. Directory.EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "Shared"))
            .Order(StringComparer.Ordinal)
            .SelectMany(path => Read(path, File.ReadAllLines(path))),
    ];

    /// <summary>An attribute belongs to the next method, or to the next class when that comes first.</summary>
    public static IEnumerable<MarkedTest> Read(string path, IEnumerable<string> lines)
    {
        var className = string.Empty;
        var cases = new List<int>();
        var clauses = new List<MarkedClause>();
        foreach (var line in lines)
        {
            if (CaseMark().Match(line) is { Success: true } number)
            {
                cases.Add(int.Parse(number.Groups["number"].Value, CultureInfo.InvariantCulture));
            }
            else if (ClauseMark().Match(line) is { Success: true } clause)
            {
                clauses.Add(new MarkedClause(Text(clause.Groups["specification"]), Text(clause.Groups["section"]), Text(clause.Groups["text"])));
            }
            else if (AnyMark().IsMatch(line))
            {
                throw new InvalidOperationException($"{path}: a mark in a form that is not read: {line.Trim()}");
            }
            else
            {
                var type = Class().Match(line);
                className = type.Success ? type.Groups["name"].Value : className;
                var method = Method().Match(line);
                if ((!type.Success && !method.Success) || cases.Count + clauses.Count == 0)
                {
                    continue;
                }

                yield return new MarkedTest(className, type.Success ? null : method.Groups["name"].Value, [.. cases], [.. clauses]);
                cases.Clear();
                clauses.Clear();
            }
        }

        if (cases.Count + clauses.Count > 0)
        {
            throw new InvalidOperationException(path + ": a mark that belongs to no test");
        }
    }

    private static string Text(Group literal) => literal.Value.Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);

    [GeneratedRegex("""^\s*\[Case\((?<number>\d+)\)\]\s*$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CaseMark();

    [GeneratedRegex("""^\s*\[Clause\("(?<specification>(?:[^"\\]|\\.)+)", "(?<section>(?:[^"\\]|\\.)+)", "(?<text>(?:[^"\\]|\\.)+)"\)\]\s*$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ClauseMark();

    [GeneratedRegex("""^\s*\[[^"]*\b(?:Case|Clause)\(""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AnyMark();

    [GeneratedRegex("""^(?:\w+ )*class (?<name>\w+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Class();

    [GeneratedRegex("""^\s+public (?:[\w<>\[\],?]+ )+(?<name>\w+)\(""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();
}

/// <summary>A marked method, or a whole class when <paramref name="Method"/> is null.</summary>
internal sealed record MarkedTest(string ClassName, string? Method, IReadOnlyList<int> Cases, IReadOnlyList<MarkedClause> Clauses)
{
    /// <summary>The rule that is tested, in words.</summary>
    public string Title => (Method is null ? "all of it" : Method.Replace('_', ' ')) + " (`" + ClassName + "`)";
}

internal sealed record MarkedClause(string Specification, string Section, string Text);
