using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Tests.Jose;

namespace IdentityProvider.Protocol.Tests.Clients;

/// <summary>Client assertions as a client makes them (RFC 7523 §3), good ones and nearly good ones.</summary>
internal sealed class Assertions(Engine engine)
{
    public const string ClientId = "worker";

    /// <summary>Signs for <see cref="Worker"/>; shared, because making keys takes long.</summary>
    public static SigningCredential Key { get; } = SigningCredential.Create(SigningAlgorithm.ES256, "k1");

    public static Client Worker { get; } = Engine.DefaultClient with
    {
        ClientId = ClientId,
        TokenEndpointAuthMethod = ClientAuthenticationMethods.PrivateKeyJwt,
        Jwks = KeySet(Key, TestCredentials.Rs256),
    };

    /// <summary>A JWK Set document of the public keys.</summary>
    public static string KeySet(params SigningCredential[] credentials)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            new JsonWebKeySet([.. credentials.Select(credential => credential.PublicJwk)]).WritePublicTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A good assertion with claims replaced or (null) left out.</summary>
    public string Make(params (string Name, JsonNode? Value)[] changes) => Make(Key, "JWT", changes);

    public string Make(SigningCredential key, string type, params (string Name, JsonNode? Value)[] changes)
    {
        var claims = new JsonObject
        {
            ["iss"] = ClientId,
            ["sub"] = ClientId,
            ["aud"] = Engine.Issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["iat"] = InSeconds(0),
            ["exp"] = InSeconds(60),
        };
        foreach (var (name, value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value;
            }
        }

        return JwtWriter.Write(key, type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    public long InSeconds(double seconds) => engine.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();

    /// <summary>The error's code, or <c>accepted</c>.</summary>
    public async Task<string> PresentAsync(string? assertion, string? type = AssertionAuthentication.AssertionType, string? clientId = null) =>
        (await engine.AuthenticateAsync(header: null, ("client_assertion", assertion), ("client_assertion_type", type), ("client_id", clientId)))
            .Error?.Code ?? "accepted";
}
