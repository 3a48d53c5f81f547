using System.Text;

namespace IdentityProvider.Redis.Resp;

/// <summary>One reply.</summary>
internal sealed class RespValue
{
    private RespValue(RespKind kind, long integer = 0, ReadOnlyMemory<byte> bytes = default, IReadOnlyList<RespValue>? items = null)
    {
        Kind = kind;
        Integer = integer;
        Bytes = bytes;
        Items = items ?? [];
    }

    public static RespValue Null { get; } = new(RespKind.Null);

    public RespKind Kind { get; }

    /// <summary>0 when it is no integer.</summary>
    public long Integer { get; }

    /// <summary>Of a text, an error or a bulk; empty for the others.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Of an array; empty for the others.</summary>
    public IReadOnlyList<RespValue> Items { get; }

    public static RespValue OfText(ReadOnlySpan<byte> line) => new(RespKind.Text, bytes: line.ToArray());

    public static RespValue OfError(ReadOnlySpan<byte> line) => new(RespKind.Error, bytes: line.ToArray());

    public static RespValue OfInteger(long value) => new(RespKind.Integer, value);

    public static RespValue OfBulk(ReadOnlySpan<byte> bytes) => new(RespKind.Bulk, bytes: bytes.ToArray());

    public static RespValue OfArray(IReadOnlyList<RespValue> items) => new(RespKind.Array, items: items);

    /// <summary>The bytes as text; what is not UTF-8 becomes a replacement character.</summary>
    public string AsText() => Encoding.UTF8.GetString(Bytes.Span);
}
