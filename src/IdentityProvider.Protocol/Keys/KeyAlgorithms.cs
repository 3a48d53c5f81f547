namespace IdentityProvider.Protocol.Keys;

/// <summary>What <see cref="KeyRecord.Algorithm"/> says for keys that sign no JWTs.</summary>
public static class KeyAlgorithms
{
    /// <summary>AES-256-GCM under a key derived per value.</summary>
    public const string Sealing = "A256GCM";

    /// <summary>HMAC-SHA-256.</summary>
    public const string Mac = "HS256";

    /// <summary>An XML document of ASP.NET data protection.</summary>
    public const string Xml = "xml";
}
