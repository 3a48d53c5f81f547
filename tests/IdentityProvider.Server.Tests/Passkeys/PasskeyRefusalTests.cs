using System.Formats.Cbor;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using IdentityProvider.Testing.Passkeys;

namespace IdentityProvider.Server.Tests.Passkeys;

/// <summary>New passkeys that are none: WebAuthn L3 §7.1, step by step.</summary>
public sealed class PasskeyRefusalTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly Dictionary<string, Action<SoftwareAuthenticator>> Changes = new(StringComparer.Ordinal)
    {
        ["another domain"] = authenticator => authenticator.RpId = "example",
        ["the other ceremony"] = authenticator => authenticator.Type = "webauthn.get",
        ["in a frame of another site"] = authenticator => authenticator.CrossOrigin = true,
        ["under another site"] = authenticator => authenticator.TopOrigin = "https://evil.test",
        ["nobody there"] = authenticator => authenticator.Flags = SoftwareAuthenticator.UserVerified,
        ["not verified"] = authenticator => authenticator.Flags = SoftwareAuthenticator.UserPresent,
        ["copied and not to be copied"] = authenticator => authenticator.Flags |= SoftwareAuthenticator.BackedUp,
        ["an algorithm that was not offered"] = authenticator => authenticator.Algorithm = -8,
        ["no algorithm"] = authenticator => authenticator.Algorithm = 0,
        ["an id that is too long"] = authenticator => authenticator.CredentialId = new byte[1024],
        ["an empty id"] = authenticator => authenticator.CredentialId = [],
        ["bytes that follow"] = authenticator => authenticator.Attestation = bytes => [.. bytes, 0],
        ["cut short"] = authenticator => authenticator.Attestation = bytes => bytes[..^1],
        ["a doubled key"] = authenticator => authenticator.Attestation = Doubled,
        ["indefinite length"] = authenticator => authenticator.Attestation = bytes => [0xbf, .. bytes[1..], 0xff],
        ["a thousand arrays in one another"] = authenticator => authenticator.Attestation = _ => [.. Enumerable.Repeat((byte)0x81, 1000), 0],
        ["a map of four billion"] = authenticator => authenticator.Attestation = _ => [0xba, 0xff, 0xff, 0xff, 0xff],
        ["a byte string of exabytes"] = authenticator => authenticator.Attestation = bytes => [.. bytes[..^1], 0x5b, 0x7f, 255, 255, 255, 255, 255, 255, 255],
        ["no map"] = authenticator => authenticator.Attestation = _ => [0x01],
        ["nothing"] = authenticator => authenticator.Attestation = _ => [],
    };

    public static TheoryData<string> Lies => new(Changes.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("http://id.example")]
    [InlineData("https://id.example:8443")]
    [InlineData("https://www.id.example")]
    [InlineData("https://id.example.evil.test")]
    [InlineData("https://xn--d-tia.example")]
    [InlineData("https://ID.EXAMPLE")]
    [InlineData("https://id.example/")]
    [InlineData("null")]
    [InlineData("")]
    [Case(317)]
    public Task Another_origin_is_refused(string origin) => RefusedAsync(authenticator => authenticator.Origin = origin);

    [Theory]
    [MemberData(nameof(Lies))]
    [Case(317)]
    [Case(319)]
    [Case(320)]
    public Task What_is_not_as_the_text_says_is_refused(string lie) => RefusedAsync(Changes[lie]);

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"id":1,"rawId":1}""")]
    [InlineData("""{"id":"\ud800","rawId":"\ud800"}""")]
    [InlineData("""{"id":"AQ","rawId":"AQ","\ud800":1}""")]
    [InlineData("""{"id":"AQ","rawId":"AQ","type":"public-key","response":null}""")]
    [InlineData("""{"id":"AQ","rawId":"AQ","type":"public-key","response":{"attestationObject":"***"}}""")]
    [InlineData("""{"id":"AQ","rawId":"Ag","type":"public-key","response":{"attestationObject":"oA"}}""")]
    [InlineData("""{"id":"AQ","id":"AQ","rawId":"AQ","type":"public-key","response":{"attestationObject":"oA"}}""")]
    [InlineData("""{"id":"AQ","rawId":"AQ","type":"public-key","response":{"attestationObject":"oA","clientDataJSON":"e30"}}""")]
    [Case(320)]
    public async Task What_is_no_credential_is_refused(string credential)
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync(PasskeyForms.Page);
        var ceremony = await browser.BeginAsync("#create-passkey");

        await AssertRefusedAsync(browser, ceremony, credential);
    }

    [Fact]
    [Case(320)]
    public async Task A_megabyte_is_not_read()
    {
        using var browser = await server.SignInAsync("alice");
        await browser.GoAsync(PasskeyForms.Page);
        var ceremony = await browser.BeginAsync("#create-passkey");

        Assert.Equal(413, (await browser.EndAsync(ceremony, new string('x', 1_000_000))).Status);
    }

    private static byte[] Doubled(byte[] attestation)
    {
        var writer = new CborWriter(CborConformanceMode.Lax);
        var reader = new CborReader(attestation);
        reader.ReadStartMap();
        writer.WriteStartMap(4);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        while (reader.PeekState() is not CborReaderState.EndMap)
        {
            writer.WriteEncodedValue(reader.ReadEncodedValue().Span);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }

    private async Task RefusedAsync(Action<SoftwareAuthenticator> change)
    {
        using var browser = await server.SignInAsync("alice");
        using var authenticator = new SoftwareAuthenticator(ServerFixture.Issuer);
        change(authenticator);
        await browser.GoAsync(PasskeyForms.Page);
        var ceremony = await browser.BeginAsync("#create-passkey");

        await AssertRefusedAsync(browser, ceremony, authenticator.Create(ceremony.Options));
    }

    private static async Task AssertRefusedAsync(Browser browser, Ceremony ceremony, string credential)
    {
        Assert.Equal(400, (await browser.EndAsync(ceremony, credential)).Status);

        Assert.Contains("could not be added", browser.Text("#notice"), StringComparison.Ordinal);
        Assert.Empty(browser.Page.QuerySelectorAll("#passkeys > li"));
    }
}
