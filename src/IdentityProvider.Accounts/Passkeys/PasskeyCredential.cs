using System.Buffers.Text;
using System.Formats.Cbor;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>
/// What a browser sends, looked at before the framework does: strict JSON of one credential id, and an attestation
/// object in the one form that WebAuthn L3 §6.5 allows. The framework reads over doubled map keys in a looser mode, and over bytes that follow.
/// </summary>
public static class PasskeyCredential
{
    /// <summary>WebAuthn L3 §4, "Credential ID".</summary>
    private const int MaxIdBytes = 1023;

    /// <summary>The object, its statement, and what is in it: more is no attestation.</summary>
    private const int MaxDepth = 8;

    /// <summary>The id of the credential that was used; null when the text is not of the expected form.</summary>
    public static byte[]? FindId(string? credential) => TryParse(credential, out var read) ? FindId(read) : null;

    /// <summary>Why a new credential cannot be read; null when it can.</summary>
    internal static string? ReadNew(string? credential)
    {
        if (!TryParse(credential, out var read) || FindId(read) is null)
        {
            return "not a credential of the expected form";
        }

        if (!read.TryGetProperty("response", out var response)
            || response.ValueKind != JsonValueKind.Object
            || FindBytes(response, "attestationObject") is not { } attestation)
        {
            return "no attestation object";
        }

        return IsCanonical(attestation) ? null : "the attestation object is not in CTAP2 canonical CBOR";
    }

    private static bool TryParse(string? credential, out JsonElement read)
    {
        read = default;
        return credential is not null && StrictJson.TryParseObject(Encoding.UTF8.GetBytes(credential), out read, out _);
    }

    private static byte[]? FindId(JsonElement credential) =>
        FindBytes(credential, "id") is { Length: > 0 and <= MaxIdBytes } id
        && FindBytes(credential, "rawId") is { } rawId && rawId.AsSpan().SequenceEqual(id) ? id : null;

    private static byte[]? FindBytes(JsonElement parent, string name)
    {
        if (!parent.TryGetProperty(name, out var member) || member.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var text = member.GetString()!;
        return Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
    }

    /// <summary>One value of definite length, sorted and single map keys, no tags (CTAP 2.1 §8), not deeper than anything of ours, and nothing after it.</summary>
    private static bool IsCanonical(byte[] value)
    {
        try
        {
            var reader = new CborReader(value, CborConformanceMode.Ctap2Canonical);
            while (reader.PeekState() is not CborReaderState.Finished)
            {
                if (!TryStep(reader))
                {
                    return false;
                }
            }

            return reader.BytesRemaining == 0;
        }
        catch (Exception exception) when (exception is CborContentException or InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryStep(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                reader.ReadStartMap();
                return reader.CurrentDepth <= MaxDepth;
            case CborReaderState.EndMap:
                reader.ReadEndMap();
                return true;
            case CborReaderState.StartArray:
                reader.ReadStartArray();
                return reader.CurrentDepth <= MaxDepth;
            case CborReaderState.EndArray:
                reader.ReadEndArray();
                return true;
            default:
                reader.SkipValue();
                return true;
        }
    }
}
