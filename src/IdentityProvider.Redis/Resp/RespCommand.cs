using System.Buffers;
using System.Globalization;
using System.Text;

namespace IdentityProvider.Redis.Resp;

/// <summary>A command as it is sent: an array of bulks, so that nothing in an argument can be taken for anything else.</summary>
internal static class RespCommand
{
    public static ReadOnlyMemory<byte> Of(params IReadOnlyList<RespArgument> parts)
    {
        var writer = new ArrayBufferWriter<byte>(64 + parts.Sum(part => part.Bytes.Length + 16));
        WriteHeader(writer, '*', parts.Count);
        foreach (var part in parts)
        {
            WriteHeader(writer, '$', part.Bytes.Length);
            writer.Write(part.Bytes.Span);
            writer.Write("\r\n"u8);
        }

        return writer.WrittenMemory;
    }

    private static void WriteHeader(ArrayBufferWriter<byte> writer, char kind, int number)
    {
        var space = writer.GetSpan(16);
        space[0] = (byte)kind;
        _ = number.TryFormat(space[1..], out var digits, default, CultureInfo.InvariantCulture);
        "\r\n"u8.CopyTo(space[(digits + 1)..]);
        writer.Advance(digits + 3);
    }
}

/// <summary>Name or argument of a command.</summary>
/// <param name="Bytes">As they are.</param>
internal readonly record struct RespArgument(ReadOnlyMemory<byte> Bytes)
{
    public static implicit operator RespArgument(string text) => new(Encoding.UTF8.GetBytes(text));

    public static implicit operator RespArgument(long number) => number.ToString(CultureInfo.InvariantCulture);

    public static implicit operator RespArgument(ReadOnlyMemory<byte> bytes) => new(bytes);
}
