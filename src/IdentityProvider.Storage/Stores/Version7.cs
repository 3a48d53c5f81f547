namespace IdentityProvider.Storage.Stores;

/// <summary>Version 7 UUIDs (RFC 9562 §5.7) that a statement completes itself, one for each row it makes.</summary>
internal static class Version7
{
    /// <summary>Bytes of <see cref="Prefix"/>; seven random ones follow.</summary>
    public const int PrefixLength = 9;

    /// <summary>Time, version, variant and 18 random bits.</summary>
    public static byte[] Prefix(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        return bytes[..PrefixLength].ToArray();
    }

    /// <summary>Less than every version 7 UUID of that time or later.</summary>
    public static Guid FirstOf(DateTimeOffset time)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(time).TryWriteBytes(bytes, bigEndian: true, out _);
        bytes[6..].Clear();
        return new Guid(bytes, bigEndian: true);
    }
}
