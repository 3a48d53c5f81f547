using System.Xml.Linq;
using IdentityProvider.Server.Tests.Documentation;

namespace IdentityProvider.Server.Tests.Architecture;

/// <summary>Who may import whom. An arrow that is missing here needs a decision record first.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["IdentityProvider.Protocol"] = [],
        ["IdentityProvider.Accounts"] = ["IdentityProvider.Protocol"],
        ["IdentityProvider.Storage"] = ["IdentityProvider.Protocol", "IdentityProvider.Accounts"],
        ["IdentityProvider.Redis"] = ["IdentityProvider.Protocol"],
        ["IdentityProvider.Admin"] = ["IdentityProvider.Protocol", "IdentityProvider.Accounts"],
        ["IdentityProvider.Server"] =
        [
            "IdentityProvider.Protocol", "IdentityProvider.Accounts", "IdentityProvider.Storage", "IdentityProvider.Admin",
            "IdentityProvider.Redis", "IdentityProvider.Migrations.Sqlite", "IdentityProvider.Migrations.PostgreSql",
        ],
        ["IdentityProvider.ResourceServer"] = [],
        ["IdentityProvider.Migrations.Sqlite"] = ["IdentityProvider.Storage"],
        ["IdentityProvider.Migrations.PostgreSql"] = ["IdentityProvider.Storage"],
        ["ResourceApi"] = ["IdentityProvider.ResourceServer"],
    };

    public static TheoryData<string> Projects => [.. Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.csproj", SearchOption.AllDirectories)
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "migrations", "Sqlite"), "*.csproj"))
        .Concat(Directory.EnumerateFiles(Path.Combine(Repository.Root, "migrations", "PostgreSql"), "*.csproj"))
        .Select(path => Path.GetRelativePath(Repository.Root, path))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void A_project_references_only_what_the_architecture_allows(string project)
    {
        var allowed = Allowed.GetValueOrDefault(Path.GetFileNameWithoutExtension(project)) ?? [];

        var references = XDocument.Load(Path.Combine(Repository.Root, project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));

        Assert.Empty(references.Except(allowed, StringComparer.Ordinal));
    }

    [Fact]
    public void The_engine_knows_neither_web_framework_nor_database()
    {
        var references = XDocument.Load(Path.Combine(Repository.Root, "src/IdentityProvider.Protocol/IdentityProvider.Protocol.csproj"))
            .Descendants()
            .Where(element => element.Name.LocalName is "PackageReference" or "FrameworkReference")
            .Select(reference => reference.Attribute("Include")!.Value);

        Assert.All(references, name => Assert.EndsWith(".Abstractions", name.Replace("Extensions.Options", "Options.Abstractions", StringComparison.Ordinal), StringComparison.Ordinal));
    }
}
