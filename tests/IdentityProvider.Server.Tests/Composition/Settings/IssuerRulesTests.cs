using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Tests.Composition.Settings;

public sealed class IssuerRulesTests
{
    [Theory]
    [InlineData("https://id.example.com")]
    [InlineData("https://id.example.com:8443")]
    [InlineData("https://id.example.com/tenants/one")]
    [InlineData("https://[2001:db8::1]")]
    public void An_https_address_as_a_URI_prints_it_is_an_issuer(string issuer) => Assert.Empty(IssuerRules.Validate(issuer, isDevelopment: false));

    [Theory]
    [InlineData("")]
    [InlineData("id.example.com")]
    [InlineData("/")]
    [InlineData("https://")]
    [InlineData("http://id.example.com")]
    [InlineData("http://localhost:5080")]
    [InlineData("ftp://id.example.com")]
    [InlineData("https://id.example.com/")]
    [InlineData("https://id.example.com/a/")]
    [InlineData("https://id.example.com:443")]
    [InlineData("https://ID.example.com")]
    [InlineData("HTTPS://id.example.com")]
    [InlineData("https://id.example.com?a")]
    [InlineData("https://id.example.com#a")]
    [InlineData("https://me@id.example.com")]
    [InlineData("https://id.example.com/a/../b")]
    public void Anything_else_is_refused_outside_Development(string issuer) => Assert.Single(IssuerRules.Validate(issuer, isDevelopment: false));

    [Theory]
    [InlineData("http://localhost:5080", true)]
    [InlineData("http://127.0.0.1:5080", true)]
    [InlineData("http://[::1]:5080", true)]
    [InlineData("http://id.example.com", false)]
    [InlineData("http://192.168.1.2:5080", false)]
    public void Plain_http_is_for_loopback_in_Development(string issuer, bool isAllowed) =>
        Assert.Equal(isAllowed, !IssuerRules.Validate(issuer, isDevelopment: true).Any());
}
