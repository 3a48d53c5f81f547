namespace IdentityProvider.Server.Tests;

public sealed class LogTextTests
{
    [Theory]
    [InlineData("plain ä €", "plain ä €")]
    [InlineData("a\r\nb", "a\\u000d\\u000ab")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\u202Eb", "a\\u202eb")]
    [InlineData("a\u2028b", "a\\u2028b")]
    [InlineData("a\u0085b", "a\\u0085b")]
    public void One_event_stays_one_line(string text, string expected)
    {
        Assert.Equal(expected, new LogText(text).ToString());
    }

    [Fact]
    public void Oversized_text_is_cut()
    {
        var line = new LogText(new string('x', 100_000)).ToString();

        Assert.InRange(line.Length, 1000, 1030);
        Assert.EndsWith("(100000 characters)", line, StringComparison.Ordinal);
    }
}
