using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>
/// Writes <c>docs/certification.md</c>: the modules of the conformance suite and which test of ours is a port of each. The list is
/// <c>tests/Shared/certification.txt</c>; a port bears the module's name as its own, or as the first value of its <c>[InlineData]</c>.
/// </summary>
internal static partial class CertificationPage
{
    public static IReadOnlyList<CertificationModule> Modules { get; } = [.. ReadModules()];

    /// <summary>Module → the tests that are ports of it.</summary>
    public static ILookup<string, string> Ports { get; } = Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .Where(path => !Path.GetRelativePath(Repository.Root, path).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
        .Order(StringComparer.Ordinal)
        .SelectMany(path => ReadPorts(Path.GetFileNameWithoutExtension(path), File.ReadLines(path)))
        .ToLookup(port => port.Module, port => port.Test, StringComparer.Ordinal);

    public static string Write()
    {
        var page = new StringBuilder("""
            # Modules of the conformance suite and their ports

            *Made from `tests/Shared/certification.txt` and the names of the tests; do not edit. To write it anew:
            `IDP_UPDATE_DOCS=1 dotnet test tests/IdentityProvider.Server.Tests --filter CertificationPage`.*

            The OpenID Foundation's suite (5.2.4) looks at a provider from outside. Each module that concerns this server is written again as a
            test of ours, so that a change that would fail there fails here. *Ported* is not certified: the suite itself is run by others.

            | plan | modules | ported | skipped or failing |
            | --- | --- | --- | --- |

            """.ReplaceLineEndings("\n"));
        var plans = Modules.GroupBy(module => module.Plan, StringComparer.Ordinal).ToList();
        foreach (var plan in plans)
        {
            var ported = plan.Count(module => module.WhyNot is null);
            page.Append(CultureInfo.InvariantCulture, $"| `{plan.Key}` | {plan.Count()} | {ported} | {plan.Count() - ported} |\n");
        }

        foreach (var plan in plans)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## `{plan.Key}`\n\n| module | state | our test |\n| --- | --- | --- |\n");
            foreach (var module in plan)
            {
                var ports = module.WhyNot is null ? Ports[module.Name].Distinct(StringComparer.Ordinal) : [];
                page.Append(CultureInfo.InvariantCulture, $"| `{module.Name}` | {module.WhyNot ?? "ported"} | {string.Join("<br>", ports)} |\n");
            }
        }

        return page.ToString();
    }

    private static IEnumerable<CertificationModule> ReadModules()
    {
        var plan = string.Empty;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "tests", "Shared", "certification.txt")).Where(line => line[0] != '#'))
        {
            if (line.Split('|') is [var name, var why])
            {
                yield return new CertificationModule(plan, name, why == "-" ? null : why);
            }
            else
            {
                plan = line;
            }
        }
    }

    private static IEnumerable<(string Module, string Test)> ReadPorts(string file, IEnumerable<string> lines)
    {
        var named = new List<string>();
        foreach (var line in lines)
        {
            if (ModuleData().Match(line) is { Success: true } data)
            {
                named.Add(data.Groups["module"].Value);
            }
            else if (Method().Match(line) is { Success: true } method)
            {
                var name = method.Groups["name"].Value;
                if (name.StartsWith("Oidcc_", StringComparison.Ordinal) && named.Count == 0)
                {
                    named.Add("oidcc-" + name["Oidcc_".Length..].Replace('_', '-'));
                }

                foreach (var module in named)
                {
                    yield return (module, $"{name.Replace('_', ' ')} (`{file}`)");
                }

                named.Clear();
            }
        }
    }

    [GeneratedRegex("""^\s*\[InlineData\("(?<module>oidcc-[^"]+)"[,)]""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModuleData();

    [GeneratedRegex("""^\s+public (?:[\w<>\[\],?]+ )+(?<name>\w+)\(""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Method();
}

/// <summary>A line of the list.</summary>
/// <param name="Plan">The plan it is listed under.</param>
/// <param name="Name">The module.</param>
/// <param name="WhyNot">Why it is skipped or fails in this plan; null when there must be a port.</param>
internal sealed record CertificationModule(string Plan, string Name, string? WhyNot);
