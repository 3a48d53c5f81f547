using System.Text.Json.Nodes;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>What the sources said about one place of the schema, merged, with the source that spoke last.</summary>
internal sealed class SettingsValue
{
    public string? Source { get; set; }

    /// <summary>For values; null says "as if it had not been written".</summary>
    public JsonNode? Value { get; set; }

    /// <summary>For objects by member, for lists by identifier; in the order first written.</summary>
    public OrderedDictionary<string, SettingsValue> Members { get; } = new(StringComparer.Ordinal);

    public SettingsValue Child(string name)
    {
        if (!Members.TryGetValue(name, out var child))
        {
            child = new SettingsValue();
            Members.Add(name, child);
        }

        return child;
    }

    /// <summary>The place at a path below this one, or the last one on the way that was written.</summary>
    public SettingsValue Nearest(IEnumerable<string> path)
    {
        var place = this;
        foreach (var part in path)
        {
            if (!place.Members.TryGetValue(part, out var child))
            {
                break;
            }

            place = child;
        }

        return place;
    }
}
