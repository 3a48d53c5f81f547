using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Merged values into options objects. Times are whole seconds, choices are their names in lower case.</summary>
internal sealed class SettingsBinder(ICollection<SettingsProblem> problems)
{
    private delegate bool Reader(JsonNode json, Type type, [NotNullWhen(true)] out object? value);

    /// <summary>A new object of the schema's type with everything set that was written and can be read.</summary>
    public object Bind(SettingsNode schema, SettingsValue? written, string path)
    {
        var target = Activator.CreateInstance(schema.Type)
            ?? throw new InvalidOperationException($"{schema.Type} cannot be created.");
        Fill(target, schema, written, path);
        return target;
    }

    public void Fill(object target, SettingsNode schema, SettingsValue? written, string path)
    {
        foreach (var member in schema.Members.Values)
        {
            if (member.Property is null || written is null || !written.Members.TryGetValue(member.Name, out var value))
            {
                continue;
            }

            var at = $"{path}:{member.Name}";
            if (!member.IsValue)
            {
                member.Property.SetValue(target, Bind(member, value, at));
            }
            else if (value.Value is not null)
            {
                SetValue(target, member, value, value.Value, at);
            }
        }

        if (target is IDeclaredInLanguages texts && written is not null)
        {
            texts.LocalizedTexts = [.. ReadTexts(written, path)];
        }
    }

    private IEnumerable<LocalizedText> ReadTexts(SettingsValue written, string path)
    {
        foreach (var (name, value) in written.Members)
        {
            var sign = name.IndexOf(SettingsNode.LanguageSign, StringComparison.Ordinal);
            if (sign < 0 || value.Value is not { } json)
            {
                continue;
            }

            if (ReadString(json, typeof(string), out var text))
            {
                yield return new LocalizedText(name[..sign], name[(sign + 1)..], (string)text);
            }
            else
            {
                problems.Add(new SettingsProblem($"{path}:{name}", value.Source, "must be a string."));
            }
        }
    }

    private void SetValue(object target, SettingsNode member, SettingsValue written, JsonNode json, string at)
    {
        var type = Nullable.GetUnderlyingType(member.Type) ?? member.Type;
        var (read, expected) = ReaderOf(type);
        if (read(json, type, out var value))
        {
            member.Property!.SetValue(target, value);
        }
        else
        {
            problems.Add(new SettingsProblem(at, written.Source, $"must be {expected}."));
        }
    }

    private static (Reader Read, string Expected) ReaderOf(Type type) => type switch
    {
        _ when type == typeof(string) => (ReadString, "a string"),
        _ when type == typeof(bool) => (ReadBoolean, "true or false"),
        _ when type == typeof(int) || type == typeof(long) => (ReadInteger, "a whole number"),
        _ when type == typeof(TimeSpan) => (ReadSeconds, "a whole number of seconds, 0 or more"),
        _ when type == typeof(DateTimeOffset) => (ReadDate, "a date and time with its offset (RFC 3339)"),
        _ when type.IsEnum => (ReadChoice, "one of " + string.Join(", ", ChoicesOf(type))),
        _ when typeof(JsonNode).IsAssignableFrom(type) => (ReadJson, "an object"),
        _ when type.IsAssignableFrom(typeof(List<string>)) => (ReadStrings, "a list of strings"),
        _ when type.IsGenericType => (ReadObjects, "a list of objects with known members"),
        _ => throw new InvalidOperationException($"An option of type {type} cannot be read."),
    };

    private static bool ReadString(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        value = json is JsonValue text && text.TryGetValue<string>(out var read) ? read : null;
        return value is not null;
    }

    private static bool ReadBoolean(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        value = json.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when bool.TryParse(json.GetValue<string>(), out var read) => read,
            _ => null,
        };
        return value is not null;
    }

    private static bool ReadInteger(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (TryReadNumber(json, out var number) && (type == typeof(long) || (int)number == number))
        {
            value = Convert.ChangeType(number, type, CultureInfo.InvariantCulture);
        }

        return value is not null;
    }

    private static bool ReadSeconds(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        // Ten thousand years are enough, and far from what TimeSpan cannot hold.
        value = TryReadNumber(json, out var number) && number is >= 0 and < 315_360_000_000 ? TimeSpan.FromSeconds(number) : null;
        return value is not null;
    }

    private static bool TryReadNumber(JsonNode json, out long number)
    {
        number = 0;
        return json.GetValueKind() switch
        {
            JsonValueKind.Number => json is JsonValue value && value.TryGetValue(out number),
            JsonValueKind.String => long.TryParse(
                json.GetValue<string>(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
    }

    private static bool ReadDate(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        value = json is JsonValue text && text.TryGetValue<DateTimeOffset>(out var read) ? read : null;
        return value is not null;
    }

    private static bool ReadChoice(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (ReadString(json, typeof(string), out var word))
        {
            var index = Array.FindIndex(ChoicesOf(type), choice => string.Equals(choice, (string)word, StringComparison.Ordinal));
            value = index < 0 ? null : Enum.GetValues(type).GetValue(index);
        }

        return value is not null;
    }

    /// <summary>Names of a choice as files write them: in lower case, or as <see cref="JsonStringEnumMemberNameAttribute"/> says.</summary>
    internal static string[] ChoicesOf(Type type) => Array.ConvertAll(
        Enum.GetNames(type),
        name => type.GetField(name)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? name.ToLowerInvariant());

    private static bool ReadJson(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        value = type.IsInstanceOfType(json) ? json.DeepClone() : null;
        return value is not null;
    }

    private static bool ReadStrings(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        value = null;
        if (json is JsonArray items && items.All(item => item?.GetValueKind() == JsonValueKind.String))
        {
            value = items.Select(item => item!.GetValue<string>()).ToList();
        }

        return value is not null;
    }

    /// <summary>A list of objects without identifiers: always taken as a whole, so it needs no merging.</summary>
    private static bool ReadObjects(JsonNode json, Type type, [NotNullWhen(true)] out object? value)
    {
        var itemType = type.GetGenericArguments()[0];
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(itemType))!;
        var unseen = new List<SettingsProblem>();
        value = null;
        if (json is not JsonArray items)
        {
            return false;
        }

        var schema = SettingsNode.Section(string.Empty, itemType);
        foreach (var item in items)
        {
            var merger = new SettingsMerger(unseen);
            merger.Add(schema, item, string.Empty, string.Empty);
            list.Add(new SettingsBinder(unseen).Bind(schema, merger.Root, string.Empty));
        }

        value = unseen.Count == 0 ? list : null;
        return value is not null;
    }
}
