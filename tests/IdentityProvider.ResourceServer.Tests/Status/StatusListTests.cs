using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.ResourceServer.Status;
using IdentityProvider.ResourceServer.Tests.Testing;

namespace IdentityProvider.ResourceServer.Tests.Status;

/// <summary>Reading a list: Token Status List §4, with the examples printed there.</summary>
public sealed class StatusListTests
{
    [Theory]
    [InlineData(1, "eNrbuRgAAhcBXQ", new[] { 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1 })]
    [InlineData(2, "eNo76fITAAPfAgc", new[] { 1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3 })]
    public void Examples_of_the_specification_are_read(int bits, string list, int[] expected)
    {
        var read = StatusList.Read(Claims(bits, list), 1024);

        Assert.Equal(expected, Enumerable.Range(0, expected.Length).Select(index => read.StatusAt(index) ?? -1));
        Assert.Null(read.StatusAt(expected.Length));
        Assert.Null(read.StatusAt(long.MaxValue));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void Wider_statuses_are_packed_from_the_least_significant_bit(int bits)
    {
        var read = StatusList.Read(Claims(bits, TestIssuer.Compress([0x21, 0x43])), 1024);

        Assert.Equal(
            bits == 4 ? [1, 2, 3, 4] : [0x21, 0x43],
            Enumerable.Range(0, 16 / bits).Select(index => read.StatusAt(index) ?? -1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(16)]
    public void Width_of_another_number_of_bits_is_refused(int bits) =>
        Assert.Throws<InvalidDataException>(() => StatusList.Read(Claims(bits, "eNrbuRgAAhcBXQ"), 1024));

    [Theory]
    [InlineData("")]
    [InlineData("eNrb=")]
    [InlineData("AAAA")]
    public void Text_that_is_not_a_zlib_stream_is_refused(string list) =>
        Assert.ThrowsAny<InvalidDataException>(() => StatusList.Read(Claims(1, list), 1024));

    [Fact]
    public void List_that_inflates_beyond_the_limit_is_refused_without_being_inflated()
    {
        var bomb = TestIssuer.Compress(new byte[100_000_000]);
        Assert.InRange(Base64Url.DecodeFromChars(bomb).Length, 1, 200_000);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.Throws<InvalidDataException>(() => StatusList.Read(Claims(1, bomb), 1024 * 1024));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8_000_000);
    }

    private static JsonElement Claims(int bits, string list) => JsonSerializer.SerializeToElement(
        new JsonObject { ["status_list"] = new JsonObject { ["bits"] = bits, ["lst"] = list } });
}
