using System.Buffers;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Testing;

/// <summary>A service that authenticates by <c>private_key_jwt</c>: RFC 7523 §3.</summary>
public sealed class AssertingClient
{
    private readonly SigningCredential _key = SigningCredential.Create(SigningAlgorithm.ES256, "k1");

    public AssertingClient()
    {
        var keys = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(keys))
        {
            new JsonWebKeySet([_key.PublicJwk]).WritePublicTo(writer);
        }

        Client = TestClients.Worker() with
        {
            TokenEndpointAuthMethod = ClientAuthenticationMethods.PrivateKeyJwt,
            Secrets = [],
            Jwks = Encoding.UTF8.GetString(keys.WrittenSpan),
        };
    }

    public Client Client { get; }

    /// <summary>An assertion that is good for a minute from <paramref name="now"/>.</summary>
    public string Make(DateTimeOffset now) => JwtWriter.Write(_key, "JWT", (Client.ClientId, now), static (json, claims) =>
    {
        json.WriteString("iss", claims.ClientId);
        json.WriteString("sub", claims.ClientId);
        json.WriteString("aud", ServerFixture.Issuer);
        json.WriteString("jti", Guid.NewGuid().ToString("N"));
        json.WriteNumber("iat", claims.now.ToUnixTimeSeconds());
        json.WriteNumber("exp", claims.now.AddMinutes(1).ToUnixTimeSeconds());
    });

    /// <summary>Asks for a token for the client itself.</summary>
    public static Task<Answer> AskAsync(ServerFixture server, string assertion)
    {
        ArgumentNullException.ThrowIfNull(server);
        return server.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = GrantTypeNames.ClientCredentials,
                ["client_assertion_type"] = AssertionAuthentication.AssertionType,
                ["client_assertion"] = assertion,
            }),
        });
    }
}
