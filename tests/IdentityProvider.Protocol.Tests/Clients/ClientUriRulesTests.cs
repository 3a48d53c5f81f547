using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Tests.Clients;

/// <summary>Which URIs may be registered: RFC 8252 §7 and §8, RFC 9700 §2.6 and §4.1, OIDC Registration §2.</summary>
public sealed class ClientUriRulesTests
{
    [Theory]
    [InlineData("https://app.example")]
    [InlineData("https://app.example/")]
    [InlineData("https://app.example/cb?a=1&b=2")]
    [InlineData("https://app.example:8443/cb")]
    [InlineData("https://xn--bcher-kva.example/cb")]
    [InlineData("https://192.0.2.1/cb")]
    [InlineData("https://[2001:db8::1]/cb")]
    [InlineData("http://127.0.0.1/cb")]
    [InlineData("http://[::1]:3000/cb")]
    [InlineData("http://localhost:3000/cb")]
    public void Addresses_of_sites_may_be_registered(string uri) => Assert.Null(ClientUriRules.FindRedirectProblem(uri, isNative: false));

    [Theory]
    [Case(44)]
    [Clause("RFC 9700", "4.1.3", "This means the authorization server MUST ensure that the two URIs are equal")]
    [InlineData("https://*.app.example/")]
    [InlineData("https://app.example/*")]
    [InlineData("https://app.example/cb?x=*")]
    [InlineData("https://*")]
    [InlineData("*")]
    public void Wildcards_may_not(string uri) => RefusedForAll(uri);

    [Theory]
    [Case(46)]
    [InlineData("javascript:alert(1)")]
    [InlineData("JavaScript:alert(1)")]
    [InlineData("java\tscript:alert(1)")]
    [InlineData(" javascript:alert(1)")]
    [InlineData("javascript://app.example/%0aalert(1)")]
    [InlineData("JaVaScRiPt:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("vbscript:x")]
    [InlineData("file:///etc/passwd")]
    [InlineData("blob:https://app.example/x")]
    [InlineData("about:blank")]
    [InlineData("view-source:https://app.example")]
    [InlineData("filesystem:https://app.example/x")]
    [InlineData("ws://app.example/")]
    [InlineData("mailto:alice@example.com")]
    public void Schemes_that_run_or_show_something_may_not(string uri) => RefusedForAll(uri);

    [Theory]
    [Case(47)]
    [InlineData("https://bücher.example/cb")]
    [InlineData("https://app．example/cb")]
    [InlineData("https://аpp.example/cb")]
    [InlineData("https://app.exam\u00adple/cb")]
    [InlineData("https://app.example/cb\u200d")]
    public void Other_letters_than_ascii_may_not(string uri) => RefusedForAll(uri);

    [Theory]
    [Clause("RFC 6749", "3.1.2", "The endpoint URI MUST NOT include a fragment component. ... MUST be an absolute URI")]
    [InlineData("")]
    [InlineData("/cb")]
    [InlineData("//app.example/cb")]
    [InlineData("app.example/cb")]
    [InlineData("https:")]
    [InlineData("https://")]
    [InlineData("https:///cb")]
    [InlineData("https:app.example/cb")]
    [InlineData("https://app.example/cb#f")]
    [InlineData("https://app.example/cb#")]
    [InlineData("https://user@app.example/cb")]
    [InlineData("https://user:password@app.example/cb")]
    [InlineData("https://app.example@evil.example/cb")]
    [InlineData("https://app.example/c b")]
    [InlineData("https://app.example/c\tb")]
    [InlineData("https://app.example/cb\n")]
    [InlineData("https://app.example\\@evil.example/")]
    [InlineData("https://app.example/\"><script>")]
    public void What_is_no_plain_absolute_address_may_not(string uri) => RefusedForAll(uri);

    [Theory]
    [Case(40)]
    [Case(41)]
    [InlineData("HTTPS://app.example/cb")]
    [InlineData("https://APP.example/cb")]
    [InlineData("https://app.example:443/cb")]
    [InlineData("https://app.example/../cb")]
    [InlineData("https://app.example/a/./cb")]
    [InlineData("https://app.example/%2e%2e/cb")]
    [InlineData("https://app.example/%252e%252e/cb")]
    [InlineData("https://app.example/..;/cb")]
    [InlineData("https://app.example/a%2f..%2fcb")]
    [InlineData("https://app.example/a%5c..%5ccb")]
    [InlineData("https://app.example/a%2fb")]
    [InlineData("https://app.example/\\evil")]
    [InlineData("https://0177.0.0.1/cb")]
    [InlineData("https://2130706433/cb")]
    public void What_a_browser_would_write_otherwise_may_not(string uri) => RefusedForAll(uri);

    [Theory]
    [Case(53)]
    [Clause("RFC 9700", "2.6", "authorization servers MUST NOT allow redirection URIs that use the http scheme except for native clients that use loopback interface redirection")]
    [InlineData("http://app.example/cb")]
    [InlineData("http://127.0.0.2/cb")]
    [InlineData("http://127.0.0.1.example/cb")]
    [InlineData("http://localhost.example/cb")]
    [InlineData("http://127.1/cb")]
    [InlineData("http://0.0.0.0/cb")]
    [InlineData("http://10.0.0.1/cb")]
    [InlineData("http://[::2]/cb")]
    public void Http_may_not_but_for_loopback(string uri) => RefusedForAll(uri);

    [Theory]
    [Case(52)]
    [Case(53)]
    [Clause("RFC 8252", "7.1", "apps MUST use a URI scheme based on a domain name under their control, expressed in reverse order")]
    [InlineData("com.example.app:/cb", true)]
    [InlineData("com.example.app:/", true)]
    [InlineData("com.example.app://cb", true)]
    [InlineData("myapp:/cb", false)]
    [InlineData("myapp://cb", false)]
    [InlineData("Com.Example.App:/cb", false)]
    public void Private_use_schemes_are_reversed_domain_names_and_for_native_apps_only(string uri, bool accepted)
    {
        Assert.Equal(accepted, ClientUriRules.FindRedirectProblem(uri, isNative: true) is null);
        Assert.NotNull(ClientUriRules.FindRedirectProblem(uri, isNative: false));
    }

    [Fact]
    public void Longest_address_has_2000_characters()
    {
        Assert.Null(ClientUriRules.FindRedirectProblem("https://app.example/" + new string('a', 1980), isNative: false));
        RefusedForAll("https://app.example/" + new string('a', 1981));
    }

    [Theory]
    [InlineData("https://app.example/logo.png", true)]
    [InlineData("http://localhost:3000/logo.png", true)]
    [InlineData("http://app.example/logo.png", false)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("com.example.app:/logo", false)]
    [InlineData("data:image/png;base64,AAAA", false)]
    [InlineData("https://user@app.example/", false)]
    public void Pages_and_pictures_are_at_https_addresses(string uri, bool accepted) =>
        Assert.Equal(accepted, ClientUriRules.FindAddressProblem(uri) is null);

    [Fact]
    public void Message_about_an_address_holds_nothing_that_could_move_the_cursor_or_the_reader() =>
        Assert.Equal("a\\u000A\\u202Eb", ClientUriRules.Printable("a\n\u202eb"));

    private static void RefusedForAll(string uri)
    {
        Assert.NotNull(ClientUriRules.FindRedirectProblem(uri, isNative: false));
        Assert.NotNull(ClientUriRules.FindRedirectProblem(uri, isNative: true));
    }
}
