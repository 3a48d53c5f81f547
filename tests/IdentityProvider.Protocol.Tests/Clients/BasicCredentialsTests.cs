using System.Text;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Tests.Clients;

/// <summary>HTTP Basic as RFC 6749 §2.3.1 and Appendix B have it.</summary>
public sealed class BasicCredentialsTests
{
    private static string Header(string credentials) => "Basic " + Convert.ToBase64String(Encoding.Latin1.GetBytes(credentials));

    [Theory]
    [Clause("RFC 6749", "2.3.1", "The client identifier is encoded using the application/x-www-form-urlencoded encoding algorithm ... the client secret is encoded using the same algorithm and used as the password")]
    [InlineData("s6BhdRkqt3:7Fjfp0ZBr1KtDRbnfVdmIw", "s6BhdRkqt3", "7Fjfp0ZBr1KtDRbnfVdmIw")]
    [InlineData("app:a+b", "app", "a b")]
    [InlineData("app:a%2Bb%20c", "app", "a+b c")]
    [InlineData("app:%25%3A%26%3D", "app", "%:&=")]
    [InlineData("app:a:b:c", "app", "a:b:c")]
    [InlineData("https%3A%2F%2Fapp.example%2F:x", "https://app.example/", "x")]
    [InlineData("app:p%C3%A4ss", "app", "päss")]
    [InlineData("app:p\u00c3\u00a4ss", "app", "päss")]
    [InlineData("app:%e2%82%ac", "app", "€")]
    [InlineData("app:", "app", "")]
    public void Id_and_secret_are_form_decoded(string credentials, string clientId, string secret)
    {
        Assert.True(BasicCredentials.TryParse(Header(credentials), out var parsed));

        Assert.Equal((clientId, secret), (parsed.ClientId, parsed.Secret));
    }

    [Theory]
    [Clause("RFC 7617", "2", "both scheme and parameter names are matched case-insensitively")]
    [InlineData("basic YXBwOng=")]
    [InlineData("BASIC YXBwOng=")]
    [InlineData("Basic   YXBwOng= ")]
    public void Scheme_has_no_case(string header) => Assert.True(BasicCredentials.TryParse(header, out _));

    [Theory]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("BasicYXBwOng=")]
    [InlineData("Bearer YXBwOng=")]
    [InlineData("Basic YXBwOng")]
    [InlineData("Basic YXBwOng_")]
    [InlineData("Basic ***")]
    [InlineData("Basic YXBwOng=, Basic YXBwOng=")]
    [InlineData("Digest username=\"app\"")]
    public void Header_that_is_not_basic_is_refused(string header) => Assert.False(BasicCredentials.TryParse(header, out _));

    [Theory]
    [InlineData("app")]
    [InlineData(":secret")]
    [InlineData("app:%")]
    [InlineData("app:%4")]
    [InlineData("app:%zz")]
    [InlineData("app:%u0041")]
    [InlineData("app:% 1")]
    [InlineData("app:%C3")]
    [InlineData("app:\u00ff")]
    [InlineData("app:%00")]
    [InlineData("a\0pp:x")]
    public void Credentials_that_two_readers_could_read_in_two_ways_are_refused(string credentials) =>
        Assert.False(BasicCredentials.TryParse(Header(credentials), out _));

    [Fact]
    public void Long_header_is_refused_unread()
    {
        Assert.True(BasicCredentials.TryParse(Header("app:" + new string('x', 3000)), out _));
        Assert.False(BasicCredentials.TryParse(Header("app:" + new string('x', 4000)), out _));
    }
}
