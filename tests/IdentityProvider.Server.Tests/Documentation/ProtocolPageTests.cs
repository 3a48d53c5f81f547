using System.Text.Json;
using System.Text.RegularExpressions;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>
/// <c>docs/protocol.md</c> ends with a table of the metadata. It is compared with the document the server gives (the golden file, which
/// another test compares with the server), so neither can change alone.
/// </summary>
public sealed partial class ProtocolPageTests
{
    /// <summary>Scopes that the test server declares; every operator has others.</summary>
    private static readonly string[] DeclaredScopes = ["orders.read", "orders.write", "stock.read"];

    [Fact]
    public void Page_and_metadata_name_the_same_members_with_the_same_values()
    {
        var metadata = Metadata();
        var page = Page();

        Assert.Equal(metadata.Keys.Order(StringComparer.Ordinal), page.Keys.Order(StringComparer.Ordinal));
        Assert.All(metadata, member => Assert.Equal(member.Key + ": " + member.Value, member.Key + ": " + page[member.Key]));
    }

    [Fact]
    public void Every_specification_of_the_page_says_what_is_supported()
    {
        var rows = Lines().Where(line => SpecificationRow().IsMatch(line)).ToList();

        Assert.InRange(rows.Count, 15, 100);
        Assert.All(rows, row => Assert.NotEmpty(row.Split('|')[2].Trim()));
    }

    private static Dictionary<string, string> Metadata()
    {
        using var document = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "tests/IdentityProvider.Server.Tests/Golden/metadata.json")));
        var issuer = document.RootElement.GetProperty("issuer").GetString()!;
        return document.RootElement.EnumerateObject()
            .Where(member => member.Name is not "issuer")
            .ToDictionary(member => member.Name, member => TextOf(member.Value, issuer), StringComparer.Ordinal);
    }

    private static string TextOf(JsonElement value, string issuer) => value.ValueKind switch
    {
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(item => item.GetString()).Except(DeclaredScopes, StringComparer.Ordinal)),
        JsonValueKind.String => value.GetString()!.Replace(issuer, string.Empty, StringComparison.Ordinal),
        _ => value.GetRawText(),
    };

    private static Dictionary<string, string> Page() => Lines()
        .Select(line => MetadataRow().Match(line))
        .Where(match => match.Success)
        .ToDictionary(
            match => match.Groups["member"].Value,
            match => string.Join(' ', match.Groups["values"].Value.Split('`').Where((_, i) => i % 2 == 1)),
            StringComparer.Ordinal);

    private static IEnumerable<string> Lines() => File.ReadLines(Path.Combine(Repository.Root, "docs", "protocol.md"));

    [GeneratedRegex("""^\| `(?<member>[a-z_]+)` \| (?<values>.+) \|$""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex MetadataRow();

    [GeneratedRegex("""^\| (?:RFC|OIDC|OAuth|draft|Initiating)[^|]*\|[^|]*\|""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SpecificationRow();
}
