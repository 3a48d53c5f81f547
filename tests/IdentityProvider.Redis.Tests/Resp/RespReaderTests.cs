using System.Globalization;
using System.Text;
using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Tests.Resp;

public sealed class RespReaderTests
{
    private const string Replies =
        "+OK\r\n" + "-ERR unknown command\r\n" + ":1000\r\n" + ":-9223372036854775808\r\n" + "$5\r\nhe\r\nl\r\n" + "$0\r\n\r\n" + "$-1\r\n" + "*-1\r\n" + "*0\r\n"
        + "*3\r\n:1\r\n$3\r\nfoo\r\n*2\r\n+a\r\n$-1\r\n" + "+\r\n";

    private static readonly string[] Read =
        ["+OK", "-ERR unknown command", ":1000", ":-9223372036854775808", "$he\r\nl", "$", "null", "null", "[]", "[:1 $foo [+a null]]", "+"];

    [Fact]
    public void Every_kind_of_reply_is_read() => Assert.Equal(Read, ReadAll(Encoding.ASCII.GetBytes(Replies), [int.MaxValue]));

    [Fact]
    public void Whereever_the_bytes_are_split_the_same_is_read()
    {
        var bytes = Encoding.ASCII.GetBytes(Replies);

        Assert.Equal(Read, ReadAll(bytes, Enumerable.Repeat(1, bytes.Length)));
        for (var first = 1; first < bytes.Length; first++)
        {
            for (var second = 1; second < bytes.Length - first; second++)
            {
                Assert.Equal(Read, ReadAll(bytes, [first, second, int.MaxValue]));
            }
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n")]
    [InlineData("\u0015\u0003\u0003")] // a TLS alert
    [InlineData("\r\n")]
    [InlineData("+OK\n")]
    [InlineData("+O\rK\r\n")]
    [InlineData("+O\nK\r\n")]
    [InlineData(":\r\n")]
    [InlineData(":1x\r\n")]
    [InlineData(": 1\r\n")]
    [InlineData(":9223372036854775808\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("$2\r\nabc\r\n")]
    [InlineData("$2\r\nab\n\n")]
    [InlineData("*-2\r\n")]
    [InlineData("*1\r\n!\r\n")]
    [InlineData("_\r\n")] // RESP3
    public void What_is_no_reply_is_refused(string text) =>
        Assert.Throws<RespFormatException>(() => RespReader.Read(Encoding.Latin1.GetBytes(text), out _));

    [Theory]
    [InlineData("$65537\r\n")]
    [InlineData("$9223372036854775807\r\n")]
    [InlineData("*257\r\n")]
    [InlineData("*2147483648\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n")]
    public void What_is_too_large_is_refused_before_it_comes(string announced) =>
        Assert.Throws<RespFormatException>(() => RespReader.Read(Encoding.ASCII.GetBytes(announced), out _));

    [Fact]
    public void Items_are_limited_over_all_arrays_of_a_reply()
    {
        var many = "*10\r\n" + string.Concat(Enumerable.Repeat("*30\r\n" + string.Concat(Enumerable.Repeat(":1\r\n", 30)), 10));

        Assert.Throws<RespFormatException>(() => RespReader.Read(Encoding.ASCII.GetBytes(many), out _));
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        var line = "+" + new string('a', RespReader.MaxLine);

        Assert.Null(RespReader.Read(Encoding.ASCII.GetBytes(line), out _));
        Assert.Equal(RespReader.MaxLine, RespReader.Read(Encoding.ASCII.GetBytes(line + "\r\n"), out _)!.Bytes.Length);
        Assert.Throws<RespFormatException>(() => RespReader.Read(Encoding.ASCII.GetBytes(line + "a"), out _));
        Assert.Throws<RespFormatException>(() => RespReader.Read(Encoding.ASCII.GetBytes(line + "a\r\n"), out _));
    }

    [Fact]
    public void A_reply_that_fills_the_buffer_and_is_not_whole_is_refused()
    {
        var item = "$30000\r\n" + new string('a', 30000) + "\r\n";

        Assert.Throws<RespFormatException>(() => RespReader.Read(Encoding.ASCII.GetBytes("*3\r\n" + item + item + item), out _));
        Assert.Throws<RespFormatException>(() => RespReader.Read(Encoding.ASCII.GetBytes(("*3\r\n" + item + item + item)[..RespReader.MaxReply]), out _));
    }

    [Fact]
    public void What_is_announced_and_does_not_come_is_not_allocated()
    {
        var announced = "*256\r\n$65536\r\n"u8.ToArray();
        RespReader.Read(announced, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Null(RespReader.Read(announced, out _));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    [Fact]
    public void A_command_is_an_array_of_bulks_whatever_is_in_them()
    {
        var command = RespCommand.Of("SET", "a\r\n+b", -12, (ReadOnlyMemory<byte>)new byte[] { 0, 255 }, "ä");

        Assert.Equal(
            [.. "*5\r\n$3\r\nSET\r\n$5\r\na\r\n+b\r\n$3\r\n-12\r\n$2\r\n"u8, 0, 255, .. "\r\n$2\r\nä\r\n"u8],
            command.ToArray());
    }

    /// <summary>Reads as a connection does: what came so far, again and again.</summary>
    private static List<string> ReadAll(byte[] bytes, IEnumerable<int> pieces)
    {
        var (start, end) = (0, 0);
        var replies = new List<string>();
        foreach (var piece in pieces)
        {
            end = (int)Math.Min(bytes.Length, (long)end + piece);
            while (start < end && RespReader.Read(bytes.AsSpan(start, end - start), out var length) is { } reply)
            {
                replies.Add(Show(reply));
                start += length;
            }
        }

        Assert.Equal(bytes.Length, start);
        return replies;
    }

    private static string Show(RespValue value) => value.Kind switch
    {
        RespKind.Text => "+" + value.AsText(),
        RespKind.Error => "-" + value.AsText(),
        RespKind.Integer => ":" + value.Integer.ToString(CultureInfo.InvariantCulture),
        RespKind.Bulk => "$" + value.AsText(),
        RespKind.Array => "[" + string.Join(' ', value.Items.Select(Show)) + "]",
        _ => "null",
    };
}
