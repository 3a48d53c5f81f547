using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests;

/// <summary>Clients beside the engine's default one, and how they prove who they are.</summary>
internal static class TestClients
{
    public const string Secret = "a-secret-of-at-least-32-characters";

    /// <summary>Stands for https://orders.example at the introspection endpoint.</summary>
    public static Client OrdersApi { get; } = Confidential("orders-api") with { IntrospectionAudiences = ["https://orders.example"] };

    /// <summary>Stands for https://stock.example.</summary>
    public static Client StockApi { get; } = Confidential("stock-api") with { IntrospectionAudiences = ["https://stock.example"] };

    /// <summary>Gets tokens for itself.</summary>
    public static Client Worker { get; } = Confidential("worker") with
    {
        GrantTypes = [GrantTypeNames.ClientCredentials],
        Scope = ScopeSet.Of("orders.read"),
    };

    public static Client Confidential(string clientId) => new()
    {
        ClientId = clientId,
        TokenEndpointAuthMethod = ClientAuthenticationMethods.ClientSecretBasic,
        Secrets = [new ClientSecret(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)), ExpiresAt: null)],
    };

    /// <summary>The default client, the two APIs and the worker.</summary>
    public static Engine WithApis(this Engine engine)
    {
        engine.Register(Engine.DefaultClient, OrdersApi, StockApi, Worker);
        return engine;
    }

    public static ClientCredentials Basic(string clientId, params (string Name, string Value)[] parameters) => new()
    {
        AuthorizationHeader = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{clientId}:{Secret}")),
        Parameters = RequestParameters.Parse(parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
    };

    public static ClientCredentials Public(string clientId, params (string Name, string Value)[] parameters) => new()
    {
        Parameters = RequestParameters.Parse([
            KeyValuePair.Create("client_id", clientId),
            .. parameters.Select(pair => KeyValuePair.Create(pair.Name, pair.Value)),
        ]),
    };
}
