using System.Text.Json;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Registration;

/// <summary>Members of a metadata document by type. Null counts as left out; another type than the registered one is a problem.</summary>
internal sealed class MetadataMembers(IReadOnlyDictionary<string, JsonElement> members)
{
    private readonly List<ClientProblem> _problems = [];

    public IReadOnlyList<ClientProblem> Problems => _problems;

    public IEnumerable<string> Names => members.Keys;

    public bool Has(string name) => Find(name) is not null;

    public string? Text(string name) => Read(name, JsonValueKind.String, "a string", value => value.GetString());

    public bool Flag(string name) => Find(name) is { } value && value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => Mistyped<bool>(name, "true or false"),
    };

    public TimeSpan? Seconds(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds) && seconds is >= 0 and < int.MaxValue
            ? TimeSpan.FromSeconds(seconds)
            : Mistyped<TimeSpan?>(name, "a number of whole seconds");

    /// <summary>The object's text as sent.</summary>
    public string? Object(string name) => Read(name, JsonValueKind.Object, "an object", value => value.GetRawText());

    public IReadOnlyList<string>? Texts(string name) => Find(name) is not { } value ? null
        : value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. value.EnumerateArray().Select(item => item.GetString()!)]
            : Mistyped<IReadOnlyList<string>?>(name, "an array of strings");

    private JsonElement? Find(string name) =>
        members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string? Read(string name, JsonValueKind kind, string expected, Func<JsonElement, string?> read) => Find(name) is not { } value ? null
        : value.ValueKind == kind ? read(value) : Mistyped<string?>(name, expected);

    private T? Mistyped<T>(string name, string expected)
    {
        _problems.Add(new ClientProblem(name, $"must be {expected}."));
        return default;
    }
}
