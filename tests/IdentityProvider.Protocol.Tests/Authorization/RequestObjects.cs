using System.Text;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Tests.Clients;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Authorization;

/// <summary>Request objects as a client makes them (RFC 9101 §4), good ones and nearly good ones.</summary>
internal static class RequestObjects
{
    public const string Address = "https://app.example/request.jwt";

    /// <summary>Signs for <see cref="Client"/>.</summary>
    public static SigningCredential Key => Assertions.Key;

    public static Client Client { get; } = Engine.DefaultClient with { Jwks = Assertions.KeySet(Key), RequestUris = [Address] };

    /// <summary>The default request as an object, with members replaced or (null) left out.</summary>
    public static string Make(params (string Name, JsonNode? Value)[] changes) => Make(Key, "oauth-authz-req+jwt", changes);

    public static string Make(SigningCredential key, string type, params (string Name, JsonNode? Value)[] changes)
    {
        var claims = new JsonObject { ["iss"] = "app", ["aud"] = Engine.Issuer };
        foreach (var (name, value) in Engine.Request())
        {
            claims[name] = value;
        }

        foreach (var (name, value) in changes)
        {
            claims.Remove(name);
            if (value is not null)
            {
                claims[name] = value.DeepClone();
            }
        }

        return JwtWriter.Write(key, type, Encoding.UTF8.GetBytes(claims.ToJsonString()));
    }

    /// <summary>What stands beside the object: RFC 9101 §5 wants <c>client_id</c> and nothing else.</summary>
    public static List<KeyValuePair<string, string>> Beside(params (string Name, string Value)[] parameters) =>
        [new("client_id", "app"), .. parameters.Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value))];
}
