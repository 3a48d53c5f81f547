using System.Buffers.Binary;

namespace IdentityProvider.Server.Logos;

/// <summary>
/// A picture as far as we trust one of a stranger: PNG, JPEG, WebP or GIF by its own octets, whatever its server called it, and small enough
/// that no browser chokes on it. SVG is a document that can hold script, so it is none.
/// </summary>
/// <param name="ContentType">By what it is.</param>
/// <param name="Octets">Unchanged.</param>
internal sealed record RasterImage(string ContentType, byte[] Octets)
{
    /// <summary>Largest width and height, in pixels.</summary>
    public const int MaxSide = 2048;

    /// <summary>Null when the octets are no such picture.</summary>
    public static RasterImage? Find(byte[] octets)
    {
        var (type, width, height) = Recognise(octets);
        return type is not null && width is > 0 and <= MaxSide && height is > 0 and <= MaxSide ? new RasterImage(type, octets) : null;
    }

    private static (string? Type, int Width, int Height) Recognise(ReadOnlySpan<byte> octets)
    {
        if (octets.Length >= 24 && octets.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]))
        {
            // The first chunk is IHDR: width and height follow its name (PNG, third edition, §11.2.1).
            return octets[12..16].SequenceEqual("IHDR"u8)
                ? ("image/png", BinaryPrimitives.ReadInt32BigEndian(octets[16..]), BinaryPrimitives.ReadInt32BigEndian(octets[20..]))
                : default;
        }

        if (octets.Length >= 10 && (octets.StartsWith("GIF87a"u8) || octets.StartsWith("GIF89a"u8)))
        {
            return ("image/gif", BinaryPrimitives.ReadUInt16LittleEndian(octets[6..]), BinaryPrimitives.ReadUInt16LittleEndian(octets[8..]));
        }

        if (octets.Length >= 30 && octets.StartsWith("RIFF"u8) && octets[8..12].SequenceEqual("WEBP"u8))
        {
            return MeasureWebP(octets);
        }

        return octets.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]) ? MeasureJpeg(octets) : default;
    }

    /// <summary>The three forms of the container's first chunk: RFC 9649 §2.5 to §2.7.</summary>
    private static (string? Type, int Width, int Height) MeasureWebP(ReadOnlySpan<byte> octets)
    {
        const string Type = "image/webp";
        var chunk = octets[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
        {
            return (Type, 1 + ReadUInt24(octets[24..]), 1 + ReadUInt24(octets[27..]));
        }

        if (chunk.SequenceEqual("VP8L"u8) && octets[20] == 0x2F)
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(octets[21..]);
            return (Type, 1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return chunk.SequenceEqual("VP8 "u8)
            ? (Type, BinaryPrimitives.ReadUInt16LittleEndian(octets[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(octets[28..]) & 0x3FFF)
            : default;
    }

    /// <summary>The frame header (SOF0 to SOF15, ITU-T T.81 §B.2.2) stands behind other segments, each with its length.</summary>
    private static (string? Type, int Width, int Height) MeasureJpeg(ReadOnlySpan<byte> octets)
    {
        var at = 2;
        while (at + 9 <= octets.Length && octets[at] == 0xFF)
        {
            var marker = octets[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (
                    "image/jpeg",
                    BinaryPrimitives.ReadUInt16BigEndian(octets[(at + 7)..]),
                    BinaryPrimitives.ReadUInt16BigEndian(octets[(at + 5)..]));
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(octets[(at + 2)..]);
        }

        return default;
    }

    private static int ReadUInt24(ReadOnlySpan<byte> octets) => octets[0] | (octets[1] << 8) | (octets[2] << 16);
}
