using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>What a JWK says of its name and use: RFC 7517 §4.2 to §4.5.</summary>
internal sealed record JsonWebKeyPurpose(string? KeyId, string? Use, IReadOnlyList<string>? KeyOperations, string? Algorithm)
{
    public static JsonWebKeyPurpose Signing(string? keyId, SigningAlgorithm algorithm) => new(keyId, "sig", KeyOperations: null, algorithm.Name);

    public void WriteTo(Utf8JsonWriter writer)
    {
        if (Use is not null)
        {
            writer.WriteString("use"u8, Use);
        }

        if (KeyOperations is not null)
        {
            writer.WriteStartArray("key_ops"u8);
            foreach (var operation in KeyOperations)
            {
                writer.WriteStringValue(operation);
            }

            writer.WriteEndArray();
        }

        if (Algorithm is not null)
        {
            writer.WriteString("alg"u8, Algorithm);
        }

        if (KeyId is not null)
        {
            writer.WriteString("kid"u8, KeyId);
        }
    }
}
