using System.Diagnostics.CodeAnalysis;

namespace IdentityProvider.Protocol.Primitives;

/// <summary>
/// Parameters of one request, read once: RFC 6749 §3.1 and §3.2. Parameters without a value are treated as omitted, unknown
/// ones are kept and ignored, and a parameter sent twice makes the request invalid, except <c>resource</c> (RFC 8707 §2).
/// </summary>
public sealed class RequestParameters
{
    private readonly Dictionary<string, string> _values;
    private readonly List<string> _resources;
    private readonly HashSet<string> _doubled;

    private RequestParameters(Dictionary<string, string> values, List<string> resources, HashSet<string> doubled, string? firstDoubled)
    {
        _values = values;
        _resources = resources;
        _doubled = doubled;
        Duplicate = firstDoubled;
    }

    /// <summary>Name of the first parameter that was sent more than once; null when none was.</summary>
    public string? Duplicate { get; }

    /// <summary>Values of <c>resource</c> in the order sent (RFC 8707 §2).</summary>
    public IReadOnlyList<string> Resources => _resources;

    /// <summary>Value of a parameter, or null when it was omitted, empty or doubled.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>All pairs as kept, <c>resource</c> once per value.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs =>
        _values.Concat(_resources.Select(value => KeyValuePair.Create(ParameterNames.Resource, value)));

    public static RequestParameters Parse(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var resources = new List<string>();
        var doubled = new HashSet<string>(StringComparer.Ordinal);
        string? firstDoubled = null;
        foreach (var (name, value) in pairs)
        {
            if (string.IsNullOrEmpty(value))
            {
                continue;
            }

            if (string.Equals(name, ParameterNames.Resource, StringComparison.Ordinal))
            {
                resources.Add(value);
            }
            else if (!doubled.Contains(name) && !values.TryAdd(name, value))
            {
                // Neither value counts: picking the first or the last is how two readers come to disagree.
                values.Remove(name);
                doubled.Add(name);
                firstDoubled ??= name;
            }
        }

        return new RequestParameters(values, resources, doubled, firstDoubled);
    }

    public bool TryGet(string name, [NotNullWhen(true)] out string? value) => _values.TryGetValue(name, out value);

    public bool Has(string name) => _values.ContainsKey(name);

    public bool IsDoubled(string name) => _doubled.Contains(name);
}
