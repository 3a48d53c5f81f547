using System.Buffers.Binary;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IdentityProvider.Testing.Passkeys;

/// <summary>
/// An authenticator and its browser in one, for one passkey: answers WebAuthn challenges as the text says, and otherwise where a test wants
/// it to. What a test changes holds for the next answer and those after it.
/// </summary>
public sealed class SoftwareAuthenticator(string origin, bool useRsa = false) : IDisposable
{
    public const int UserPresent = 0x01;
    public const int UserVerified = 0x04;
    public const int BackupEligible = 0x08;
    public const int BackedUp = 0x10;
    private const int HasCredential = 0x40;

    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA? _rsa = useRsa ? RSA.Create(2048) : null;

    public byte[] CredentialId { get; set; } = RandomNumberGenerator.GetBytes(32);

    public string Origin { get; set; } = origin;

    public string RpId { get; set; } = new Uri(origin).Host;

    public int Flags { get; set; } = UserPresent | UserVerified;

    /// <summary>What the next answer says; goes up by one with each use unless it is 0.</summary>
    public uint SignCount { get; set; } = 1;

    /// <summary>What is said instead of <c>webauthn.create</c> or <c>webauthn.get</c>.</summary>
    public string? Type { get; set; }

    public bool? CrossOrigin { get; set; }

    public string? TopOrigin { get; set; }

    /// <summary>What is said instead of the algorithm of the key.</summary>
    public int? Algorithm { get; set; }

    /// <summary>The last step of an attestation object.</summary>
    public Func<byte[], byte[]> Attestation { get; set; } = bytes => bytes;

    /// <summary>The last step of a signature.</summary>
    public Func<byte[], byte[]> Signature { get; set; } = bytes => bytes;

    /// <summary>Whose it is, as the server said when it was made.</summary>
    public byte[] UserHandle { get; set; } = [];

    /// <summary>RegistrationResponseJSON. Counts as a use.</summary>
    public string Create(JsonElement options)
    {
        UserHandle = Decode(options.GetProperty("user").GetProperty("id").GetString()!);
        var clientData = ClientData(Type ?? "webauthn.create", options);
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString([.. AuthenticatorData(HasCredential), .. AttestedCredential()]);
        writer.WriteEndMap();
        CountUp();
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encode(clientData),
            ["attestationObject"] = Encode(Attestation(writer.Encode())),
            ["transports"] = new JsonArray("internal", "hybrid"),
        });
    }

    /// <summary>AuthenticationResponseJSON. Counts as a use.</summary>
    public string Get(JsonElement options)
    {
        var clientData = ClientData(Type ?? "webauthn.get", options);
        var data = AuthenticatorData(0);
        byte[] signed = [.. data, .. SHA256.HashData(clientData)];
        var signature = _rsa is null
            ? _ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)
            : _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        CountUp();
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Encode(clientData),
            ["authenticatorData"] = Encode(data),
            ["signature"] = Encode(Signature(signature)),
            ["userHandle"] = Encode(UserHandle),
        });
    }

    public void Dispose()
    {
        _ec.Dispose();
        _rsa?.Dispose();
    }

    public static string Encode(byte[] bytes) => System.Buffers.Text.Base64Url.EncodeToString(bytes);

    public static byte[] Decode(string text) => System.Buffers.Text.Base64Url.DecodeFromChars(text);

    private void CountUp() => SignCount += SignCount > 0 ? 1u : 0;

    private string Credential(JsonObject response) => new JsonObject
    {
        ["id"] = Encode(CredentialId),
        ["rawId"] = Encode(CredentialId),
        ["type"] = "public-key",
        ["clientExtensionResults"] = new JsonObject(),
        ["response"] = response,
    }.ToJsonString();

    private byte[] ClientData(string type, JsonElement options)
    {
        var data = new JsonObject { ["type"] = type, ["challenge"] = options.GetProperty("challenge").GetString(), ["origin"] = Origin };
        if (CrossOrigin is { } crossOrigin)
        {
            data["crossOrigin"] = crossOrigin;
        }

        if (TopOrigin is not null)
        {
            data["topOrigin"] = TopOrigin;
        }

        return Encoding.UTF8.GetBytes(data.ToJsonString());
    }

    private byte[] AuthenticatorData(int more)
    {
        var data = new byte[37];
        SHA256.HashData(Encoding.UTF8.GetBytes(RpId)).CopyTo(data, 0);
        data[32] = (byte)(Flags | more);
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(33), SignCount);
        return data;
    }

    private byte[] AttestedCredential()
    {
        var length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)CredentialId.Length);
        return [.. new byte[16], .. length, .. CredentialId, .. CoseKey()];
    }

    private byte[] CoseKey()
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        if (_rsa is not null)
        {
            var key = _rsa.ExportParameters(includePrivateParameters: false);
            writer.WriteStartMap(4);
            Write(writer, 1, 3);
            Write(writer, 3, Algorithm ?? -257);
            Write(writer, -1, key.Modulus!);
            Write(writer, -2, key.Exponent!);
        }
        else
        {
            var key = _ec.ExportParameters(includePrivateParameters: false);
            writer.WriteStartMap(5);
            Write(writer, 1, 2);
            Write(writer, 3, Algorithm ?? -7);
            Write(writer, -1, 1);
            Write(writer, -2, key.Q.X!);
            Write(writer, -3, key.Q.Y!);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    private static void Write(CborWriter writer, int label, int value)
    {
        writer.WriteInt32(label);
        writer.WriteInt32(value);
    }

    private static void Write(CborWriter writer, int label, byte[] value)
    {
        writer.WriteInt32(label);
        writer.WriteByteString(value);
    }
}
