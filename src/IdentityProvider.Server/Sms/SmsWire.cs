using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IdentityProvider.Server.Sms;

/// <summary>What files and the webhook hold.</summary>
internal sealed record SmsWire(
    [property: JsonPropertyName("id")] string Id,
    [property: JsonPropertyName("to")] string To,
    [property: JsonPropertyName("text")] string Text)
{
    /// <summary>No page holds it, so the plus of a number need not be escaped.</summary>
    private static readonly SmsJson Json = new(new JsonSerializerOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static byte[] Write(SmsMessage message) =>
        JsonSerializer.SerializeToUtf8Bytes(new SmsWire(message.Id, message.To, message.Text), Json.SmsWire);
}

[JsonSerializable(typeof(SmsWire))]
internal sealed partial class SmsJson : JsonSerializerContext;
