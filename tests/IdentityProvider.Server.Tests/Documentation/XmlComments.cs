using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace IdentityProvider.Server.Tests.Documentation;

/// <summary>Summaries of types and properties, from the files that the compiler writes beside the assemblies.</summary>
internal sealed partial class XmlComments
{
    private readonly Dictionary<Assembly, Dictionary<string, XElement>> _files = [];

    /// <summary>As Markdown on one line; empty when there is none.</summary>
    public string Of(Type type) => Of(type.Assembly, "T:" + type.FullName);

    public string Of(PropertyInfo property) =>
        Of(property.DeclaringType!.Assembly, $"P:{property.DeclaringType!.FullName}.{property.Name}");

    private string Of(Assembly assembly, string member)
    {
        if (!_files.TryGetValue(assembly, out var summaries))
        {
            var document = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"));
            summaries = document.Descendants("member")
                .Where(element => element.Element("summary") is not null)
                .ToDictionary(element => element.Attribute("name")!.Value, element => element.Element("summary")!, StringComparer.Ordinal);
            _files.Add(assembly, summaries);
        }

        return summaries.TryGetValue(member, out var summary) ? Spaces().Replace(Markdown(summary), " ").Trim() : string.Empty;
    }

    private static string Markdown(XElement element) => string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" or "seealso" } reference => $"`{NameOf(reference.Attribute("cref")!.Value)}`",
        XElement { Name.LocalName: "paramref" } parameter => $"`{parameter.Attribute("name")!.Value}`",
        XElement other => Markdown(other),
        _ => string.Empty,
    }));

    /// <summary>What is called a member here is called so in files.</summary>
    private static string NameOf(string reference)
    {
        var name = reference.Split('.')[^1];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? JsonNamingPolicy.SnakeCaseLower.ConvertName(name)
            : reference.StartsWith("F:", StringComparison.Ordinal) ? name.ToLowerInvariant()
            : name;
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
