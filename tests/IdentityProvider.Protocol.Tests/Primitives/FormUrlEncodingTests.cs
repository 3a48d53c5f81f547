using System.Text;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tests.Primitives;

public sealed class FormUrlEncodingTests
{
    [Theory]
    [InlineData("a=1&b=2", "a:1|b:2")]
    [InlineData("a=1%202+3", "a:1 2 3")]
    [InlineData("a=%C3%A4%e2%82%ac", "a:ä€")]
    [InlineData("a=ä", "a:ä")]
    [InlineData("a==b=", "a:=b=")]
    [InlineData("a&&b=&", "a:|b:")]
    [InlineData("=x", ":x")]
    [InlineData("", "")]
    [InlineData("a=%0d%0aSet-Cookie:x", "a:\r\nSet-Cookie:x")]
    [InlineData("a=%25zz", "a:%zz")]
    public void Well_formed_input_is_read_as_it_was_meant(string form, string expected)
    {
        var pairs = new List<KeyValuePair<string, string>>();

        Assert.True(FormUrlEncoding.TryRead(Encoding.UTF8.GetBytes(form), pairs));
        Assert.Equal(expected, string.Join('|', pairs.Select(pair => pair.Key + ":" + pair.Value)));
    }

    [Theory]
    [InlineData("a=%")]
    [InlineData("a=%4")]
    [InlineData("a=%zz")]
    [InlineData("a=%u0041")]
    [InlineData("a=%00")]
    [InlineData("a=x\0")]
    [InlineData("%00=x")]
    [InlineData("a=%C0%80")]
    [InlineData("a=%C3")]
    [InlineData("a=%ED%A0%80")]
    [InlineData("a=%F5%80%80%80")]
    [InlineData("a=1&b=%FF")]
    [InlineData("%FF")]
    public void Broken_input_is_refused_and_never_repaired(string form)
    {
        Assert.False(FormUrlEncoding.TryRead(Encoding.UTF8.GetBytes(form), []));
        Assert.False(FormUrlEncoding.TryReadQuery("?" + form, []));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused()
    {
        Assert.False(FormUrlEncoding.TryRead([(byte)'a', (byte)'=', 0xC3, 0x28], []));
        Assert.False(FormUrlEncoding.TryRead([(byte)'a', (byte)'=', 0xC0, 0xAF], []));
    }

    [Fact]
    public void Lone_surrogate_in_a_query_is_refused()
    {
        Assert.False(FormUrlEncoding.TryReadQuery("?a=\uD800", []));
    }

    [Fact]
    public void Query_is_read_with_and_without_its_question_mark()
    {
        var pairs = new List<KeyValuePair<string, string>>();

        Assert.True(FormUrlEncoding.TryReadQuery("?a=1", pairs));
        Assert.True(FormUrlEncoding.TryReadQuery("b=%3F", pairs));
        Assert.Equal([KeyValuePair.Create("a", "1"), KeyValuePair.Create("b", "?")], pairs);
    }

    [Fact]
    public void Values_longer_than_the_stack_are_read_whole()
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var form = "a=" + string.Concat(Enumerable.Repeat("%41+", 5_000));

        Assert.True(FormUrlEncoding.TryRead(Encoding.ASCII.GetBytes(form), pairs));
        Assert.Equal(string.Concat(Enumerable.Repeat("A ", 5_000)), pairs[0].Value);
    }
}
