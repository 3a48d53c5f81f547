using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tests.Primitives;

/// <summary>Scope tokens: RFC 6749 §3.3.</summary>
public sealed class ScopeSetTests
{
    private static ScopeSet Parse(string? text) => Assert.IsType<ScopeSet>(ScopeSet.TryParse(text));

    [Theory]
    [Clause("RFC 6749", "3.3", "scope-token = 1*( %x21 / %x23-5B / %x5D-7E )")]
    [InlineData(null, "")]
    [InlineData("", "")]
    [InlineData(" ", "")]
    [InlineData("a", "a")]
    [InlineData("a b", "a b")]
    [InlineData("  a   b ", "a b")]
    [InlineData("b a b", "b a")]
    [InlineData("a A", "a A")]
    [InlineData("!#[]~", "!#[]~")]
    [InlineData("https://api.example/x.read urn:a:b", "https://api.example/x.read urn:a:b")]
    public void List_is_read_in_order_and_without_doubles(string? text, string expected) => Assert.Equal(expected, Parse(text).ToString());

    [Theory]
    [InlineData("a\"b")]
    [InlineData("a\\b")]
    [InlineData("a\tb")]
    [InlineData("a\nb")]
    [InlineData("a\0")]
    [InlineData("a\u007f")]
    [InlineData("ä")]
    [InlineData("a\u00a0b")]
    [InlineData("\ud800")]
    public void Other_characters_make_the_whole_list_unreadable(string text) => Assert.Null(ScopeSet.TryParse("good " + text));

    [Fact]
    public void Every_character_is_judged_as_the_grammar_says()
    {
        for (var value = 0; value <= char.MaxValue; value++)
        {
            var inGrammar = value is 0x21 or (>= 0x23 and <= 0x5B) or (>= 0x5D and <= 0x7E);

            Assert.Equal(inGrammar, ScopeSet.IsScopeToken(((char)value).ToString()));
        }

        Assert.False(ScopeSet.IsScopeToken(string.Empty));
    }

    [Fact]
    [Case(17)]
    public void Hundred_tokens_are_read_and_one_more_is_not()
    {
        var tokens = Enumerable.Range(0, 101).Select(number => "s" + number).ToArray();

        Assert.Equal(100, Parse(string.Join(' ', tokens.Take(100))).Count);
        Assert.Null(ScopeSet.TryParse(string.Join(' ', tokens)));
        Assert.Single(Parse(string.Join(' ', Enumerable.Repeat("a", 10_000))));
    }

    [Fact]
    public void Sets_are_equal_whatever_the_order()
    {
        Assert.Equal(Parse("a b"), Parse("b a"));
        Assert.Equal(Parse("a b").GetHashCode(), Parse("b a").GetHashCode());
        Assert.NotEqual(Parse("a b"), Parse("a"));
        Assert.NotEqual(Parse("a"), Parse("A"));
        Assert.False(Parse("a").Equals((object)"a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public void They_behave_as_sets_do(uint seed)
    {
        var random = new Xorshift(seed);
        string[] names = ["a", "b", "c", "A", "a.read", "a.readx", "openid"];
        for (var round = 0; round < 500; round++)
        {
            var (one, other) = (Some(), Some());
            var (left, right) = (Parse(string.Join(' ', one)), ScopeSet.Of(other));
            var (a, b) = (one.ToHashSet(StringComparer.Ordinal), other.ToHashSet(StringComparer.Ordinal));

            Assert.Equal(a.Count, left.Count);
            Assert.Equal(a.IsSubsetOf(b), left.IsSubsetOf(right));
            Assert.Equal(a.SetEquals(b), left.Equals(right));
            Assert.True(a.Union(b).ToHashSet(StringComparer.Ordinal).SetEquals(left.Union(right)));
            Assert.True(a.Intersect(b).ToHashSet(StringComparer.Ordinal).SetEquals(left.Where(right.Contains)));
            Assert.Equal(left, Parse(left.ToString()));
            Assert.Equal(one.Distinct(StringComparer.Ordinal), left);
            Assert.All(names, name => Assert.Equal(a.Contains(name), left.Contains(name)));
        }

        string[] Some() => [.. Enumerable.Range(0, random.Next(6)).Select(_ => random.Pick(names))];
    }

    [Theory]
    [InlineData(7)]
    public void Whatever_is_read_is_made_of_tokens_and_reads_the_same_again(uint seed)
    {
        var random = new Xorshift(seed);
        for (var round = 0; round < 2000; round++)
        {
            var text = random.Text("abAB  !~#[]\"\\\t\u007fé", 12);
            var parsed = ScopeSet.TryParse(text);

            Assert.Equal(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).All(token => ScopeSet.IsScopeToken(token)), parsed is not null);
            if (parsed is not null)
            {
                Assert.Equal(parsed, ScopeSet.TryParse(parsed.ToString()));
            }
        }
    }
}
