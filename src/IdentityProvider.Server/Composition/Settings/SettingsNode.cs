using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IdentityProvider.Admin.Declared;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>
/// One place of the schema: a value, an object with members, or a list of objects that are told apart by an identifier. Made from the
/// options classes, so a new property is a new member, with its documentation, and nothing else has to be edited.
/// </summary>
internal sealed class SettingsNode
{
    /// <summary>Between a member and the tag of its language.</summary>
    public const char LanguageSign = '#';

    private SettingsNode(string name, Type type, PropertyInfo? property, IEnumerable<SettingsNode> members, string? identifier)
    {
        Name = name;
        Type = type;
        Property = property;
        Members = members.ToDictionary(member => member.Name, StringComparer.Ordinal);
        Identifier = identifier;
    }

    public string Name { get; }

    /// <summary>Of the value; of the options object; of one object of the list.</summary>
    public Type Type { get; }

    /// <summary>The property it is bound to; null for sections and lists, which are bound by whoever asks.</summary>
    public PropertyInfo? Property { get; }

    public IReadOnlyDictionary<string, SettingsNode> Members { get; }

    /// <summary>For lists: the member that names each object (<c>client_id</c>). Files merge by it, never by position.</summary>
    public string? Identifier { get; }

    /// <summary>Whether it may be written for each language: <c>client_name#de</c> (RFC 7591 §2.2).</summary>
    public bool TakesLanguages => Property?.GetCustomAttribute<InLanguagesAttribute>() is not null;

    public bool IsValue => Members.Count == 0;

    public bool IsList => Identifier is not null;

    /// <summary>The member of that name, with or without a language; null when there is none.</summary>
    public SettingsNode? FindMember(string name)
    {
        if (Members.TryGetValue(name, out var member))
        {
            return member;
        }

        var sign = name.IndexOf(LanguageSign, StringComparison.Ordinal);
        return sign > 0 && Members.TryGetValue(name[..sign], out var plain) && plain.TakesLanguages ? plain : null;
    }

    /// <summary>A section of the schema: members are the type's properties in snake case.</summary>
    public static SettingsNode Section(string name, Type type) => new(name, type, null, MembersOf(type, JsonNamingPolicy.SnakeCaseLower), null);

    /// <summary>A list of objects with identifiers.</summary>
    public static SettingsNode List(string name, Type itemType, string identifier) =>
        new(name, itemType, null, MembersOf(itemType, JsonNamingPolicy.SnakeCaseLower), identifier);

    /// <summary>An object that only groups others, with the properties of <paramref name="type"/> under their own names.</summary>
    public static SettingsNode Group(string name, Type type, params IEnumerable<SettingsNode> members) =>
        new(name, type, null, MembersOf(type, naming: null).Concat(members), null);

    private static IEnumerable<SettingsNode> MembersOf(Type type, JsonNamingPolicy? naming)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.CanWrite && property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
            {
                var name = naming?.ConvertName(property.Name) ?? property.Name;
                var members = IsSimple(property.PropertyType) ? [] : MembersOf(property.PropertyType, naming);
                yield return new SettingsNode(name, property.PropertyType, property, members, null);
            }
        }
    }

    private static bool IsSimple(Type type) =>
        type.IsValueType
        || type == typeof(string)
        || typeof(IEnumerable).IsAssignableFrom(type)
        || typeof(JsonNode).IsAssignableFrom(type);
}
