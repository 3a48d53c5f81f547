using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Storage.Stores;

/// <summary>
/// Clients, scopes and resources as the documents we keep: names of RFC 7591 §2, ours with <c>idp_</c> in front, durations in seconds.
/// Members that are absent take the default of the type, so an older document is read by a newer version.
/// </summary>
internal static class CatalogJson
{
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = new Names(),
        IgnoreReadOnlyProperties = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new ScopeSetConverter(), new SecondsConverter() },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutColumns } },
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string document) =>
        JsonSerializer.Deserialize<T>(document, Options) ?? throw new JsonException($"an empty document for {typeof(T).Name}");

    /// <summary>What has columns of its own is not repeated in the document.</summary>
    private static void LeaveOutColumns(JsonTypeInfo type)
    {
        if (type.Type != typeof(Client))
        {
            return;
        }

        for (var i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].Name is "secrets" or "status" or "idp_enabled")
            {
                type.Properties.RemoveAt(i);
            }
        }
    }

    private sealed class Names : JsonNamingPolicy
    {
        public override string ConvertName(string name) => name switch
        {
            nameof(Client.RequireConsent) or nameof(Client.AllowRequestsWithoutPkce) or nameof(Client.AccessTokenLifetime) or
            nameof(Client.RefreshTokenIdleLifetime) or nameof(Client.RefreshTokenAbsoluteLifetime) or nameof(Client.IntrospectionAudiences) or
            nameof(Client.LogoutRevokesOfflineAccess) or nameof(Client.RequireAcr) or nameof(Client.SignInMethods) or
            nameof(Client.RequestUriPrefixes) or nameof(Client.IsSelfRegistered) or nameof(Client.Enabled) => "idp_" + SnakeCaseLower.ConvertName(name),
            _ => SnakeCaseLower.ConvertName(name),
        };
    }

    private sealed class ScopeSetConverter : JsonConverter<ScopeSet>
    {
        public override ScopeSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ScopeSet.Of((reader.GetString() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));

        public override void Write(Utf8JsonWriter writer, ScopeSet value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }

    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            TimeSpan.FromSeconds(reader.GetInt64());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) =>
            writer.WriteNumberValue((long)value.TotalSeconds);
    }
}
