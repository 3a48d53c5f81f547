using System.Buffers.Text;

namespace IdentityProvider.Redis.Resp;

/// <summary>
/// Reads replies of the Redis serialization protocol, version 2. Nothing is allocated before it has arrived whole and is within the limits, so
/// a server that announces more than it sends costs nothing.
/// </summary>
internal ref struct RespReader
{
    /// <summary>Bytes of a whole reply. The largest that we ask for, INFO, has some 6 KiB.</summary>
    public const int MaxReply = 64 * 1024;

    /// <summary>Bytes of a text, an error, an integer or a length.</summary>
    public const int MaxLine = 4 * 1024;

    /// <summary>Items of all arrays of a reply together.</summary>
    public const int MaxItems = 256;

    /// <summary>Arrays in arrays.</summary>
    public const int MaxDepth = 4;

    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _items;

    private RespReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>The first reply in <paramref name="bytes"/>; null when it has not arrived whole.</summary>
    /// <param name="bytes">What arrived.</param>
    /// <param name="length">Of the reply; 0 when there is none.</param>
    /// <exception cref="RespFormatException">It can never become one.</exception>
    public static RespValue? Read(ReadOnlySpan<byte> bytes, out int length)
    {
        var reader = new RespReader(bytes);
        var value = reader.ReadValue(MaxDepth);
        length = value is null ? 0 : reader._position;
        return length <= MaxReply && (value is not null || bytes.Length < MaxReply)
            ? value
            : throw new RespFormatException($"a reply of more than {MaxReply} bytes");
    }

    private RespValue? ReadValue(int depth)
    {
        if (_position == _bytes.Length)
        {
            return null;
        }

        var kind = _bytes[_position];
        if (kind is not ((byte)'+' or (byte)'-' or (byte)':' or (byte)'$' or (byte)'*'))
        {
            throw new RespFormatException("a reply of no known kind; is it Redis that listens there, and without TLS?");
        }

        _position++;
        if (!TryReadLine(out var line))
        {
            return null;
        }

        return kind switch
        {
            (byte)'+' => RespValue.OfText(line),
            (byte)'-' => RespValue.OfError(line),
            (byte)':' => RespValue.OfInteger(NumberOf(line)),
            (byte)'$' => ReadBulk(NumberOf(line)),
            _ => ReadArray(NumberOf(line), depth),
        };
    }

    private RespValue? ReadBulk(long length)
    {
        if (length == -1)
        {
            return RespValue.Null;
        }

        if (length is < 0 or > MaxReply)
        {
            throw new RespFormatException($"a bulk of {length} bytes");
        }

        var bytes = _bytes[_position..];
        if (bytes.Length < length + 2)
        {
            return null;
        }

        if (!bytes.Slice((int)length, 2).SequenceEqual("\r\n"u8))
        {
            throw new RespFormatException("a bulk that is longer than announced");
        }

        _position += (int)length + 2;
        return RespValue.OfBulk(bytes[..(int)length]);
    }

    private RespValue? ReadArray(long count, int depth)
    {
        if (count == -1)
        {
            return RespValue.Null;
        }

        if (count is < 0 or > MaxItems || depth == 0 || (_items += (int)count) > MaxItems)
        {
            throw new RespFormatException("an array with too many items, or too deep");
        }

        var items = new List<RespValue>();
        for (var i = 0; i < count; i++)
        {
            if (ReadValue(depth - 1) is not { } item)
            {
                return null;
            }

            items.Add(item);
        }

        return RespValue.OfArray(items);
    }

    /// <summary>A line without its end.</summary>
    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        var rest = _bytes[_position..];
        var end = rest.IndexOfAny((byte)'\r', (byte)'\n');
        if (end > MaxLine || (end < 0 && rest.Length > MaxLine))
        {
            throw new RespFormatException($"a line of more than {MaxLine} bytes");
        }

        if (end < 0 || (rest[end] == '\r' && end + 1 == rest.Length))
        {
            line = default;
            return false;
        }

        if (rest[end] != '\r' || rest[end + 1] != '\n')
        {
            throw new RespFormatException("a line that does not end with CR LF");
        }

        line = rest[..end];
        _position += end + 2;
        return true;
    }

    private static long NumberOf(ReadOnlySpan<byte> line) =>
        Utf8Parser.TryParse(line, out long number, out var used) && used == line.Length
            ? number
            : throw new RespFormatException("a number that is none");
}
