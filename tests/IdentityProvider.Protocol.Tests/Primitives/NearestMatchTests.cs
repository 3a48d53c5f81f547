using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tests.Primitives;

public sealed class NearestMatchTests
{
    private static readonly string[] Known = ["https://app.example/cb", "https://shop.example/signin-oidc", "com.example.app:/cb"];

    [Theory]
    [InlineData("https://app.example/cb/", "https://app.example/cb")]
    [InlineData("https://APP.example/CB", "https://app.example/cb")]
    [InlineData("http://app.example/cb", "https://app.example/cb")]
    [InlineData("https://shop.example/signin-oid", "https://shop.example/signin-oidc")]
    public void Slip_finds_what_was_meant(string value, string expected)
    {
        Assert.Equal(expected, NearestMatch.Find(value, Known));
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("https://evil.invalid/something/else")]
    public void Nothing_near_is_nothing(string value)
    {
        Assert.Null(NearestMatch.Find(value, Known));
    }

    [Fact]
    public void Oversized_values_are_not_compared()
    {
        Assert.Null(NearestMatch.Find(new string('a', 201), [new string('a', 200)]));
    }
}
