using System.Globalization;
using System.Text;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>Writes <c>docs/requirements.md</c>: clause by clause, which test proves what a specification asks.</summary>
internal static class RequirementsPage
{
    public static string Write()
    {
        var page = new StringBuilder("""
            # Requirements and the tests that prove them

            *Made from the `[Clause]` marks of the tests; do not edit. To write it anew:
            `IDP_UPDATE_DOCS=1 dotnet test tests/IdentityProvider.Server.Tests --filter RequirementsPage`.*

            The words of a clause are shortened. What is supported at all, and what we chose where a specification leaves room, stands in
            [protocol.md](protocol.md).

            """.ReplaceLineEndings("\n"));
        var rows = MarkedTests.All.SelectMany(test => test.Clauses, (test, clause) => (Clause: clause, test.Title)).ToList();
        foreach (var specification in rows.GroupBy(row => row.Clause.Specification, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            page.Append("\n## ").Append(specification.Key).Append("\n\n| § | words | proved by |\n| --- | --- | --- |\n");
            foreach (var clause in specification
                .GroupBy(row => (row.Clause.Section, row.Clause.Text))
                .OrderBy(group => SortKey(group.Key.Section), StringComparer.Ordinal)
                .ThenBy(group => group.Key.Text, StringComparer.Ordinal))
            {
                var tests = string.Join("<br>", clause.Select(row => row.Title).Order(StringComparer.Ordinal));
                page.Append(CultureInfo.InvariantCulture, $"| {clause.Key.Section} | {Escape(clause.Key.Text)} | {tests} |\n");
            }
        }

        return page.ToString();
    }

    private static string Escape(string text) =>
        text.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);

    /// <summary>3.1.2 comes before 3.1.10.</summary>
    private static string SortKey(string section) => string.Join('.', section.Split('.').Select(part => part.PadLeft(4, '0')));
}
