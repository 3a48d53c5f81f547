using System.IO.Compression;
using System.Text.Json;
using IdentityProvider.ResourceServer.Jose;

namespace IdentityProvider.ResourceServer.Status;

/// <summary>A verified status list: the claims of a <c>statuslist+jwt</c>, inflated (Token Status List §4, §5.1).</summary>
internal sealed class StatusList
{
    private readonly byte[] _statuses;
    private readonly int _bits;

    private StatusList(byte[] statuses, int bits, TimeSpan? timeToLive, DateTimeOffset? expiresAt)
    {
        _statuses = statuses;
        _bits = bits;
        TimeToLive = timeToLive;
        ExpiresAt = expiresAt;
    }

    /// <summary><c>ttl</c>: after this time a fresh copy should be fetched.</summary>
    public TimeSpan? TimeToLive { get; }

    /// <summary><c>exp</c>: from here on the list says nothing any more.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>0 is valid, everything else is not; null when the list does not reach so far.</summary>
    public int? StatusAt(long index)
    {
        // §4.1: statuses are packed from the least significant bit of a byte upwards.
        var perByte = 8 / _bits;
        if (index / perByte >= _statuses.Length)
        {
            return null;
        }

        var shift = (int)(index % perByte) * _bits;
        return (_statuses[index / perByte] >> shift) & ((1 << _bits) - 1);
    }

    /// <exception cref="InvalidDataException">The claims are not a status list, or it inflates beyond the limit.</exception>
    public static StatusList Read(JsonElement claims, int maximumSize)
    {
        if (!claims.TryGetProperty("status_list", out var list)
            || list.ValueKind != JsonValueKind.Object
            || !list.TryGetProperty("bits", out var width)
            || width.ValueKind != JsonValueKind.Number
            || !width.TryGetInt32(out var bits)
            || bits is not (1 or 2 or 4 or 8)
            || Base64UrlText.Decode(list.FindString("lst")) is not { } compressed)
        {
            throw new InvalidDataException("The status list token has no readable status_list.");
        }

        return new StatusList(
            Inflate(compressed, maximumSize), bits, ReadTimeToLive(claims), claims.FindTime("exp"));
    }

    private static TimeSpan? ReadTimeToLive(JsonElement claims)
    {
        if (!claims.TryGetProperty("ttl", out var ttl))
        {
            return null;
        }

        return ttl.ValueKind == JsonValueKind.Number && ttl.TryGetDouble(out var seconds) && seconds is > 0 and < 1e9
            ? TimeSpan.FromSeconds(seconds)
            : throw new InvalidDataException("The status list token has a ttl that is not a positive number.");
    }

    private static byte[] Inflate(byte[] compressed, int maximumSize)
    {
        using var source = new ZLibStream(new MemoryStream(compressed, writable: false), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = source.Read(buffer)) > 0)
        {
            if (inflated.Length + read > maximumSize)
            {
                throw new InvalidDataException($"The status list inflates to more than {maximumSize} bytes.");
            }

            inflated.Write(buffer, 0, read);
        }

        return inflated.ToArray();
    }
}
