using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.ResourceServer.Tests.Testing;

namespace IdentityProvider.ResourceServer.Tests.Jose;

/// <summary>Tokens an attacker could make: RFC 8725 §2 and §3.</summary>
public sealed class ForgedTokenTests
{
    private const string BadSignature = "signature, algorithm or payload is not good";

    [Theory]
    [InlineData("none")]
    [InlineData("None")]
    [InlineData("")]
    public async Task Unsigned_token_is_refused(string algorithm)
    {
        await using var api = await TestApi.StartAsync();
        var signed = api.Issuer.Keys[0].Sign(Header(algorithm), api.Issuer.Claims().ToJsonString());

        Assert.Equal(401, await api.StatusOfAsync(signed));
        Assert.Equal(401, await api.StatusOfAsync(signed[..(signed.LastIndexOf('.') + 1)]));
        Assert.Equal(401, await api.StatusOfAsync(signed[..signed.LastIndexOf('.')]));
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task Public_key_is_not_taken_for_a_secret(string keyAlgorithm)
    {
        await using var api = await TestApi.StartAsync();
        var key = IssuerKey.Create("first", keyAlgorithm);
        api.Issuer.Keys = [key];
        byte[][] secrets =
        [
            Encoding.ASCII.GetBytes(key.PublicPem()),
            Encoding.ASCII.GetBytes(key.PublicJwk().ToJsonString()),
            Encoding.ASCII.GetBytes(key.PublicJwk()[keyAlgorithm is "RS256" ? "n" : "x"]!.GetValue<string>()),
        ];
        foreach (var secret in secrets)
        {
            var input = Encode(Header("HS256")) + "." + Encode(api.Issuer.Claims().ToJsonString());
            var mac = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(input));
            await api.RefusesAsync(input + "." + Base64Url.EncodeToString(mac), BadSignature);
        }
    }

    [Theory]
    [InlineData("RS256", "PS256")]
    [InlineData("RS256", "RS512")]
    [InlineData("PS256", "RS256")]
    [InlineData("PS384", "PS512")]
    [InlineData("ES256", "ES384")]
    public async Task Key_is_used_with_its_own_algorithm_only(string keyAlgorithm, string tokenAlgorithm)
    {
        await using var api = await TestApi.StartAsync();
        var key = IssuerKey.Create("first", keyAlgorithm);
        api.Issuer.Keys = [key];
        var token = key.Sign(Header(tokenAlgorithm), api.Issuer.Claims().ToJsonString(), tokenAlgorithm);

        await api.RefusesAsync(token, BadSignature);
    }

    [Fact]
    public async Task Other_key_under_a_known_kid_is_refused()
    {
        await using var api = await TestApi.StartAsync();

        await api.RefusesAsync(api.Issuer.Token(key: IssuerKey.Create("first")), BadSignature);
    }

    [Fact]
    public async Task Changed_payload_or_signature_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        var parts = api.Issuer.Token().Split('.');
        var other = api.Issuer.Token(claims => claims["sub"] = "mallory").Split('.');

        await api.RefusesAsync($"{parts[0]}.{other[1]}.{parts[2]}", BadSignature);
        await api.RefusesAsync($"{parts[0]}.{parts[1]}.{parts[2][..^6]}", BadSignature);
        await api.RefusesAsync($"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}", BadSignature);
        await api.RefusesAsync($"{parts[0]}.{parts[1]}.{ToDer(parts[2])}", BadSignature);
    }

    [Theory]
    [InlineData("crit", "[\"exp\"]")]
    [InlineData("b64", "false")]
    [InlineData("zip", "\"DEF\"")]
    [InlineData("jwk", "{}")]
    [InlineData("jku", "\"http://127.0.0.1:1/\"")]
    [InlineData("x5u", "\"http://169.254.169.254/\"")]
    [InlineData("x5c", "[\"MIIB\"]")]
    public async Task Header_that_brings_a_key_or_an_extension_is_refused_and_nothing_is_fetched(string member, string value)
    {
        await using var api = await TestApi.StartAsync();
        var header = Header("ES256")[..^1] + $",\"{member}\":{value}}}";
        var token = api.Issuer.Keys[0].Sign(header, api.Issuer.Claims().ToJsonString());

        await api.RefusesAsync(token, $"header has {member}");
        Assert.Equal(0, api.Issuer.Requests("/.well-known/openid-configuration"));
    }

    [Theory]
    [InlineData("{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"first\",\"kid\":\"first\"}")]
    [InlineData("{\"typ\":\"at+jwt\",\"alg\":\"none\",\"\\u0061lg\":\"ES256\",\"kid\":\"first\"}")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("{}x")]
    [InlineData("{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"\\ud800\"}")]
    [InlineData("\ufeff{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"first\"}")]
    public async Task Header_that_is_not_one_clean_object_is_refused(string header)
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Keys[0].Sign(header, api.Issuer.Claims().ToJsonString());

        await api.RefusesAsync(token, "header is not one JSON object without duplicates");
    }

    [Theory]
    [InlineData("{\"typ\":\"at+jwt\",\"alg\":\"ES256\"}")]
    [InlineData("{\"typ\":\"at+jwt\",\"kid\":\"first\"}")]
    [InlineData("{\"typ\":\"at+jwt\",\"alg\":7,\"kid\":\"first\"}")]
    [InlineData("{\"typ\":\"at+jwt\",\"alg\":\"ES256\",\"kid\":\"\"}")]
    public async Task Header_without_algorithm_or_key_id_is_refused(string header)
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Keys[0].Sign(header, api.Issuer.Claims().ToJsonString());

        await api.RefusesAsync(token, "header lacks alg or kid");
    }

    [Fact]
    public async Task Payload_that_is_not_one_clean_object_is_refused_though_signed()
    {
        await using var api = await TestApi.StartAsync();
        var good = api.Issuer.Claims().ToJsonString();
        string[] payloads =
        [
            good[..^1] + ",\"sub\":\"mallory\"}",
            good[..^1] + ",\"\\u0073ub\":\"mallory\"}",
            good[..^1] + ",\"x\":{\"a\":1,\"a\":2}}",
            good[..^1] + ",\"x\":\"\\u0000\"}",
            good[..^1] + ",\"x\":\"\\ud800\"}",
            good[..^1] + ",\"\\udfff\":1}",
            good[..^1] + ",\"x\":" + new string('[', 100) + new string(']', 100) + "}",
            "[" + good + "]",
            good + good,
            "{",
            "null",
            " ",
        ];
        foreach (var payload in payloads)
        {
            await api.RefusesAsync(api.Issuer.Sign(payload), BadSignature);
        }
    }

    [Fact]
    public async Task Text_that_is_not_a_compact_jws_is_refused()
    {
        await using var api = await TestApi.StartAsync();
        var token = api.Issuer.Token();
        string[] texts =
        [
            "a", ".", "..", "...", "a.b.c", token + ".", "." + token, token + ".a.b", token + "=", token.Replace('.', '~'),
            token.Insert(5, "="), token[..token.LastIndexOf('.')] + ".A",
        ];
        foreach (var text in texts)
        {
            await api.RefusesAsync(text, "not a JWS in compact serialization");
        }
    }

    [Fact]
    public async Task Token_longer_than_the_limit_is_refused_before_anything_is_read()
    {
        await using var api = await TestApi.StartAsync(options => options.MaximumTokenLength = 2048);

        await api.RefusesAsync(new string('a', 2049), "too long");
        Assert.Equal(0, api.Issuer.Requests("/.well-known/openid-configuration"));
    }

    private static string Header(string algorithm) => $"{{\"typ\":\"at+jwt\",\"alg\":\"{algorithm}\",\"kid\":\"first\"}}";

    private static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private static string ToDer(string signature)
    {
        var raw = Base64Url.DecodeFromChars(signature);
        var writer = new System.Formats.Asn1.AsnWriter(System.Formats.Asn1.AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(new System.Numerics.BigInteger(raw.AsSpan(0, 32), isUnsigned: true, isBigEndian: true));
            writer.WriteInteger(new System.Numerics.BigInteger(raw.AsSpan(32), isUnsigned: true, isBigEndian: true));
        }

        return Base64Url.EncodeToString(writer.Encode());
    }
}
