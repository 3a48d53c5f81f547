using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Specification.Tests.Certification;

/// <summary>What the conformance suite's relying party does and looks at, in the words of its modules.</summary>
internal static class Relying
{
    /// <summary>The client of the basic plan: <c>client_secret_basic</c>, and no PKCE unless a module sends it.</summary>
    public static Client Basic(this ServerFixture server) =>
        server.Register(TestClients.Confidential() with { AllowRequestsWithoutPkce = true });

    public static (string Name, string? Value)[] WithoutPkce(params (string Name, string? Value)[] changes) =>
        [("code_challenge", null), ("code_challenge_method", null), .. changes];

    /// <summary>Signs in, redeems, and checks what every happy path checks.</summary>
    public static async Task<JsonElement> LogInAsync(
        this ServerFixture server, Client client, Browser browser, params (string Name, string? Value)[] changes)
    {
        var response = await browser.AuthorizeAsync(client, "alice", WithoutPkce(changes));
        Assert.Equal(ServerFixture.Issuer, response["iss"]);
        Assert.True(response.ContainsKey("code"), string.Join(' ', response));
        var answer = await server.RedeemAsync(client, response["code"], ("code_verifier", null));
        Assert.Equal(200, answer.Status);
        Assert.Equal("application/json", answer.ContentHeaders.ContentType!.ToString());
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("Bearer", answer.Json.GetProperty("token_type").GetString());
        await CheckIdTokenAsync(server, client, answer);
        return answer.Json;
    }

    public static JsonElement Claims(this JsonElement tokens) => Payload(tokens.GetProperty("id_token").GetString()!);

    public static JsonElement Payload(string jwt) => JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[1])).RootElement;

    public static JsonElement Header(string jwt) => JsonDocument.Parse(Base64Url.DecodeFromChars(jwt.Split('.')[0])).RootElement;

    public static async Task<JsonElement> UserInfoAsync(this ServerFixture server, JsonElement tokens)
    {
        var answer = await server.UserInfoAsync(tokens.GetProperty("access_token").GetString()!);
        Assert.Equal(200, answer.Status);
        Assert.Equal(tokens.Claims().GetProperty("sub").GetString(), answer.Json.GetProperty("sub").GetString());
        return answer.Json;
    }

    /// <summary>OIDC Core §3.1.3.7, with the platform's cryptography and the published keys, apart from our own reader.</summary>
    private static async Task CheckIdTokenAsync(ServerFixture server, Client client, Answer answer)
    {
        var idToken = answer.Json.GetProperty("id_token").GetString()!;
        var header = Header(idToken);
        var claims = Payload(idToken);
        Assert.Equal("RS256", header.GetProperty("alg").GetString());
        var keys = (await server.GetAsync("/.well-known/jwks.json")).Json.GetProperty("keys").EnumerateArray();
        var key = keys.Single(key => key.GetProperty("kid").GetString() == header.GetProperty("kid").GetString());
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
            Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
        });
        var parts = idToken.Split('.');
        Assert.True(rsa.VerifyData(
            Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]),
            Base64Url.DecodeFromChars(parts[2]),
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1));
        var now = server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(ServerFixture.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(client.ClientId, claims.GetProperty("aud").GetString());
        Assert.InRange(claims.GetProperty("iat").GetInt64(), now - 5, now);
        Assert.True(claims.GetProperty("exp").GetInt64() > now);
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(answer.AccessToken));
        Assert.Equal(Base64Url.EncodeToString(hash.AsSpan(0, 16)), claims.GetProperty("at_hash").GetString());
    }
}
