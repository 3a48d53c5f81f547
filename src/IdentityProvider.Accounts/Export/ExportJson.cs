using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Accounts.Export;

/// <summary>How parts of an export are written: snake case, times of RFC 3339, nothing for what is not there.</summary>
public static class ExportJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull,
    };

    public static JsonNode? Of<T>(T value) => JsonSerializer.SerializeToNode(value, Options);
}
