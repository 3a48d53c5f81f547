using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>
/// Lays sources over one another, later ones on top: objects member by member, lists of objects by identifier, everything else as a
/// whole. What the schema does not know is a problem here, where the source is known.
/// </summary>
internal sealed class SettingsMerger(ICollection<SettingsProblem> problems)
{
    public SettingsValue Root { get; } = new();

    public void Add(SettingsNode schema, JsonNode? json, string path, string source) => Merge(Root, schema, json, path, source);

    private void Merge(SettingsValue target, SettingsNode schema, JsonNode? json, string path, string source)
    {
        target.Source = source;
        if (schema.IsValue)
        {
            target.Value = json;
        }
        else if (schema.IsList)
        {
            MergeList(target, schema, json, path, source);
        }
        else
        {
            MergeObject(target, schema, json, path, source);
        }
    }

    private void MergeObject(SettingsValue target, SettingsNode schema, JsonNode? json, string path, string source)
    {
        if (json is not JsonObject members)
        {
            problems.Add(new SettingsProblem(path, source, "must be an object."));
            return;
        }

        foreach (var (name, value) in members)
        {
            var at = $"{path}:{name}";
            if (schema.FindMember(name) is { } member)
            {
                Merge(target.Child(name), member, value, at, source);
            }
            else
            {
                problems.Add(new SettingsProblem(at, source, Unknown(name, schema.Members.Keys)));
            }
        }
    }

    private void MergeList(SettingsValue target, SettingsNode schema, JsonNode? json, string path, string source)
    {
        if (json is not JsonArray items)
        {
            problems.Add(new SettingsProblem(path, source, $"must be a list of objects, each with its {schema.Identifier}."));
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i]?[schema.Identifier!] is not JsonValue value || !value.TryGetValue<string>(out var identifier) || identifier.Length == 0)
            {
                problems.Add(new SettingsProblem($"{path}:{i}", source, $"{schema.Identifier} is missing; every object of the list needs it."));
            }
            else if (!seen.Add(identifier))
            {
                problems.Add(new SettingsProblem($"{path}:{identifier}", source, $"is declared twice in one file ({schema.Identifier})."));
            }
            else
            {
                var child = target.Child(identifier);
                child.Source = source;
                MergeObject(child, schema, items[i], $"{path}:{identifier}", source);
            }
        }
    }

    public static string Unknown(string name, IEnumerable<string> known)
    {
        var nearest = NearestMatch.Find(name, known);
        return nearest is null ? "is not known here." : $"is not known here; did you mean {nearest}?";
    }
}
