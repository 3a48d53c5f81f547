using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Testing;

/// <summary>Dynamic registration as a client goes through it: RFC 7591, RFC 7592.</summary>
public static class Registrations
{
    public const string Path = "/connect/register";

    /// <summary>Settings of a server where everybody may register.</summary>
    public const string Open = """{ "Registration": { "mode": "open", "registrations_per_hour": 10000 } }""";

    /// <summary>The metadata of a good web client, with members replaced or (null) left out.</summary>
    public static JsonObject Metadata(params (string Name, JsonNode? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var metadata = new JsonObject
        {
            ["client_name"] = "Shop",
            ["redirect_uris"] = new JsonArray(TestClients.Callback),
            ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
        };
        foreach (var (name, value) in changes)
        {
            metadata.Remove(name);
            if (value is not null)
            {
                metadata[name] = value;
            }
        }

        return metadata;
    }

    public static Task<Answer> RegisterAsync(this ServerFixture server, JsonNode metadata, string? token = null) =>
        server.SendJsonAsync(HttpMethod.Post, Path, metadata.ToJsonString(), token);

    /// <summary>Registers and expects to succeed.</summary>
    public static async Task<JsonElement> RegisteredAsync(this ServerFixture server, params (string Name, JsonNode? Value)[] changes)
    {
        var answer = await server.RegisterAsync(Metadata(changes));
        return answer.Status is 201 ? answer.Json : throw new InvalidOperationException($"{answer.Status} {answer.Body}");
    }

    public static Task<Answer> ManageAsync(this ServerFixture server, HttpMethod method, JsonElement client, string? token, JsonNode? metadata = null) =>
        server.SendJsonAsync(method, Path + "/" + client.GetProperty("client_id").GetString(), metadata?.ToJsonString(), token);

    public static Task<Answer> SendJsonAsync(this ServerFixture server, HttpMethod method, string path, string? json, string? token)
    {
        ArgumentNullException.ThrowIfNull(server);
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        return server.SendAsync(request);
    }

    /// <summary>What an update has to send: what was told, less what it must not include (RFC 7592 §2.2).</summary>
    public static JsonObject UpdateOf(JsonElement told, params (string Name, JsonNode? Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        var metadata = JsonNode.Parse(told.GetRawText())!.AsObject();
        foreach (var name in new[] { "registration_access_token", "registration_client_uri", "client_id_issued_at", "client_secret_expires_at" })
        {
            metadata.Remove(name);
        }

        foreach (var (name, value) in changes)
        {
            metadata.Remove(name);
            if (value is not null)
            {
                metadata[name] = value;
            }
        }

        return metadata;
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    /// <summary>An initial access token as the operator's command makes one.</summary>
    public static async Task<(Guid Id, string Token)> InitialTokenAsync(this ServerFixture server, TimeSpan? lifetime = null, int? uses = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        var (now, value) = (server.Clock.GetUtcNow(), RegistrationTokens.New());
        var token = new InitialAccessToken { Id = Guid.CreateVersion7(now), CreatedAt = now, ExpiresAt = now + lifetime, MaxUses = uses };
        await server.Services.GetRequiredService<IInitialAccessTokenStore>().AddAsync(token, RegistrationTokens.Hash(value), CancellationToken.None);
        return (token.Id, value);
    }

    /// <summary>The registered client for flows of the fixture.</summary>
    public static Client AsClient(this JsonElement told) => new()
    {
        ClientId = told.Text("client_id"),
        TokenEndpointAuthMethod = told.Text("token_endpoint_auth_method"),
        RedirectUris = [.. told.GetProperty("redirect_uris").EnumerateArray().Select(uri => uri.GetString()!)],
    };

    /// <summary>Redeems as the client, with the secret it was told.</summary>
    public static Task<Answer> RedeemAsync(this ServerFixture server, JsonElement told, string code, string redirectUri = TestClients.Callback, string? verifier = Flows.Verifier)
    {
        ArgumentNullException.ThrowIfNull(server);
        var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token");
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = redirectUri,
        };
        if (verifier is not null)
        {
            parameters["code_verifier"] = verifier;
        }

        if (told.TryGetProperty("client_secret", out var secret))
        {
            request.Headers.Authorization = ServerFixture.Basic(told.Text("client_id"), secret.GetString()!);
        }
        else
        {
            parameters["client_id"] = told.Text("client_id");
        }

        request.Content = new FormUrlEncodedContent(parameters);
        return server.SendAsync(request);
    }
}
