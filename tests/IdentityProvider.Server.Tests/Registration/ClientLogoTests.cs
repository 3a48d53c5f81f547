using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Server.Logos;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Registration;

/// <summary><c>logo_uri</c>, shown through our own fetch.</summary>
public sealed class ClientLogoTests : IAsyncLifetime
{
    /// <summary>One pixel.</summary>
    private static readonly byte[] Png = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private readonly ServerFixture _server = ServerFixture.With(
        """{ "Registration": { "mode": "open" }, "Outbound": { "allow_private_addresses": true } }""");

    private LogoutReceiver _site = null!;
    private byte[] _document = Png;

    public async Task InitializeAsync() => _site = await LogoutReceiver.StartAsync(async context =>
    {
        context.Response.ContentType = "text/html";
        await context.Response.Body.WriteAsync(_document);
    });

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task A_picture_is_served_from_our_origin_as_what_it_is()
    {
        var told = await RegisterAsync();

        var answer = await LogoAsync(told);

        Assert.Equal((200, "image/png", "nosniff"), (answer.Status, answer.ContentHeaders.ContentType!.ToString(), answer.Header("X-Content-Type-Options")));
        Assert.Equal("default-src 'none'; sandbox; frame-ancestors 'none'", answer.Header("Content-Security-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
        Assert.Equal(Png, answer.Bytes);
    }

    [Fact]
    public async Task The_sign_in_page_shows_it_and_never_sends_the_browser_to_its_address()
    {
        var told = await RegisterAsync();
        await LogoAsync(told);
        using var browser = _server.NewBrowser();

        var page = await browser.GoAsync(told.AsClient().AuthorizeAddress(("scope", "openid")));

        Assert.StartsWith("/connect/logos/" + told.Text("client_id"), browser.Page.QuerySelector(".client img")!.GetAttribute("src"), StringComparison.Ordinal);
        Assert.DoesNotContain(_site.Address.Authority, page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_fetched_once_for_many_who_want_it()
    {
        var told = await RegisterAsync();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => LogoAsync(told)));

        Assert.Equal(1, _site.OtherRequests);
    }

    [Theory]
    [InlineData("<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>")]
    [InlineData("<html><script>alert(1)</script></html>")]
    [InlineData("")]
    [InlineData("\u0089PNG")]
    public async Task What_is_no_picture_is_not_served(string document)
    {
        _document = System.Text.Encoding.Latin1.GetBytes(document);
        var told = await RegisterAsync();

        Assert.Equal(404, (await LogoAsync(told)).Status);
        using var browser = _server.NewBrowser();
        await browser.GoAsync(told.AsClient().AuthorizeAddress(("scope", "openid")));
        Assert.Null(browser.Page.QuerySelector(".client img"));
    }

    [Fact]
    [Case(200)]
    public async Task A_picture_of_more_than_64_kB_is_not_served()
    {
        _document = [.. Png, .. new byte[64 * 1024]];

        Assert.Equal(404, (await LogoAsync(await RegisterAsync())).Status);
    }

    [Fact]
    public async Task Unknown_clients_and_clients_without_a_logo_have_none()
    {
        var told = await _server.RegisteredAsync();

        Assert.Equal(404, (await LogoAsync(told)).Status);
        Assert.Equal(404, (await _server.GetAsync("/connect/logos/nobody")).Status);
    }

    public static TheoryData<string, string?> Pictures { get; } = new()
    {
        { "89504E470D0A1A0A0000000D494844520000004000000020", "image/png" },
        { "89504E470D0A1A0A0000000D494844520000FFFF00000020", null },
        { "89504E470D0A1A0A0000000D4948445280000001" + "00000020", null },
        { "89504E470D0A1A0A0000000D494854520000004000000020", null },
        { "474946383961" + "40002000", "image/gif" },
        { "474946383961" + "00002000", null },
        { "474946383961" + "4000FFFF", null },
        { "FFD8FFE000044A46" + "FFC0000B0800200040" + "01", "image/jpeg" },
        { "FFD8FFE000044A46" + "FFC0000B08FFFF0040" + "01", null },
        { "FFD8FFE0FFFF4A46", null },
        { "FFD8FF", null },
        { "52494646" + "00000000" + "57454250" + "56503858" + "0A000000" + "00000000" + "3F0000" + "1F0000", "image/webp" },
        { "52494646" + "00000000" + "57454250" + "56503858" + "0A000000" + "00000000" + "FFFF00" + "1F0000", null },
        { "52494646" + "00000000" + "57454250" + "5650384C" + "00000000" + "2F3FC00700" + "0000000000", "image/webp" },
        { "52494646" + "00000000" + "57454250" + "56503820" + "00000000" + "0000009D012A" + "40002000", "image/webp" },
        { "52494646" + "00000000" + "57415645" + "56503820" + "00000000" + "0000009D012A" + "40002000", null },
        { "424D000000000000", null },
    };

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Pictures_are_known_by_their_octets_and_kept_small(string hex, string? contentType) =>
        Assert.Equal(contentType, RasterImage.Find(Convert.FromHexString(hex))?.ContentType);

    private Task<JsonElement> RegisterAsync() => _server.RegisteredAsync(("logo_uri", (JsonNode)new Uri(_site.Address, "/logo").ToString()));

    private Task<Answer> LogoAsync(JsonElement told) => _server.GetAsync("/connect/logos/" + told.Text("client_id"));
}
