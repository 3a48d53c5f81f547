using IdentityProvider.Protocol.DeviceAuthorization;

namespace IdentityProvider.Protocol.Tests.DeviceAuthorization;

public sealed class UserCodeTests
{
    [Fact]
    [Clause("RFC 8628", "5.1", "an 8-character base 20 user code (with roughly 34.5 bits of entropy)")]
    public void New_codes_are_eight_letters_of_twenty_without_vowels_and_look_alikes()
    {
        // Of a hundred two are the same with a probability below 2e-7, and a letter is in none of them with one below 1e-16.
        var codes = Enumerable.Range(0, 100).Select(_ => UserCode.Create().Letters).ToList();

        Assert.All(codes, code => Assert.Matches("^[BCDFGHJKLMNPQRSTVWXZ]{8}$", code));
        Assert.Equal(codes.Count, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(20, codes.SelectMany(code => code).Distinct().Count());
        Assert.InRange(Math.Log2(Math.Pow(UserCode.Alphabet.Length, UserCode.Length)), 34.5, 34.6);
    }

    [Fact]
    public void Codes_are_shown_in_two_groups() => Assert.Equal("BCDF-GHJK", UserCode.TryParse("bcdfghjk")!.Display);

    [Theory]
    [Case(130)]
    [Clause("RFC 8628", "6.1", "the server should strip dashes and other punctuation that it added for readability … the user's input should be uppercased before a comparison")]
    [InlineData("BCDF-GHJK")]
    [InlineData("BCDFGHJK")]
    [InlineData("bcdf-ghjk")]
    [InlineData("bCdF gHjK")]
    [InlineData("  b c d f - g h j k  ")]
    [InlineData("BCDF\u2013GHJK")]
    [InlineData("BCDF\u2014GHJK\u200b")]
    [InlineData("BCDF_GHJK.")]
    [InlineData("B.C.D.F/G.H.J.K")]
    public void Case_and_what_stands_between_do_not_matter(string typed) => Assert.Equal("BCDFGHJK", UserCode.TryParse(typed)!.Letters);

    [Theory]
    [Case(130)]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("----")]
    [InlineData("BCDF-GHJ")]
    [InlineData("BCDF-GHJKL")]
    [InlineData("BCDF-GHJ0")]
    [InlineData("BCDF-GHJO")]
    [InlineData("BCDF-GHJI")]
    [InlineData("8CDF-GHJK")]
    [InlineData("BCDF-GHJ\u041a")]
    [InlineData("\uff22CDFGHJK")]
    public void Look_alikes_and_other_lengths_are_no_code(string? typed) => Assert.Null(UserCode.TryParse(typed));

    [Fact]
    public void What_is_much_too_long_is_no_code() => Assert.Null(UserCode.TryParse("BCDFGHJK" + new string('-', UserCode.MaxTypedLength)));
}
