using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Server.Tests.Upstream;

/// <summary>
/// An OpenID Provider on loopback that lets the test play the person and the attacker: it answers authorization requests by what the test says,
/// and can be made to lie in every claim. It takes no code twice and looks at PKCE, unless told otherwise.
/// </summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, JsonObject> _codes = new(StringComparer.Ordinal);
    private int _keyFetches;

    private FakeProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Text(Metadata().ToJsonString(), "application/json"));
        _app.MapGet("/jwks", Keys);
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/userinfo", () => Results.Text(UserInfo.ToJsonString(), "application/json"));
    }

    public const string ClientId = "hosted";
    public const string Secret = "a secret with %, : and +";

    /// <summary>The clock of the server that asks.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public string Issuer { get; private set; } = string.Empty;

    public SigningCredential Key { get; set; } = SigningCredential.Create(SigningAlgorithm.ES256, "k1");

    /// <summary>What the metadata says other than the truth.</summary>
    public Action<JsonObject>? ChangesMetadata { get; set; }

    /// <summary>What the ID token says other than the truth.</summary>
    public Action<JsonObject>? ChangesIdToken { get; set; }

    /// <summary>Takes the place of signing.</summary>
    public Func<string, string>? Signs { get; set; }

    public JsonObject UserInfo { get; set; } = [];

    /// <summary>A provider without PKCE, such as an old one.</summary>
    public bool IgnoresVerifier { get; set; }

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> TokenRequests { get; } = new();

    public int KeyFetches => Volatile.Read(ref _keyFetches);

    public static async Task<FakeProvider> StartAsync()
    {
        var provider = new FakeProvider();
        await provider._app.StartAsync();
        provider.Issuer = provider._app.Urls.Single();
        return provider;
    }

    /// <summary>The person agrees: where the browser is sent back to.</summary>
    /// <param name="request">The address that the browser was sent to.</param>
    /// <param name="subject">Who it is.</param>
    /// <param name="claims">What is said of them.</param>
    public string Agree(Uri request, string subject, params (string Name, JsonNode Value)[] claims)
    {
        var query = Flows.Parameters(request);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = new JsonObject
        {
            ["challenge"] = query["code_challenge"],
            ["redirect_uri"] = query["redirect_uri"],
            ["claims"] = Claims(subject, query.GetValueOrDefault("nonce"), claims),
        };
        return Answer(request, ("code", code), ("iss", Issuer));
    }

    /// <summary>Any answer to the request, with its <c>state</c>.</summary>
    public static string Answer(Uri request, params (string Name, string? Value)[] parameters)
    {
        var query = Flows.Parameters(request);
        var pairs = parameters.Prepend(("state", query["state"])).Where(pair => pair.Item2 is not null)
            .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2));
        return QueryHelpers.AddQueryString(query["redirect_uri"], pairs);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Key.Dispose();
    }

    private JsonObject Metadata()
    {
        var metadata = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = Issuer + "/authorize?tenant=1",
            ["token_endpoint"] = Issuer + "/token",
            ["userinfo_endpoint"] = Issuer + "/userinfo",
            ["jwks_uri"] = Issuer + "/jwks",
            ["authorization_response_iss_parameter_supported"] = true,
        };
        ChangesMetadata?.Invoke(metadata);
        return metadata;
    }

    private IResult Keys()
    {
        Interlocked.Increment(ref _keyFetches);
        return Results.Text($$"""{"keys":[{{Encoding.UTF8.GetString(Jwk())}}]}""", "application/json");
    }

    /// <summary>The public key, as it is published.</summary>
    public byte[] Jwk()
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Key.PublicJwk.WritePublicTo(writer);
        }

        return buffer.ToArray();
    }

    private JsonObject Claims(string subject, string? nonce, (string Name, JsonNode Value)[] claims)
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var all = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = subject,
            ["aud"] = ClientId,
            ["iat"] = now,
            ["exp"] = now + 300,
            ["auth_time"] = now,
            ["nonce"] = nonce,
        };
        foreach (var (name, value) in claims)
        {
            all[name] = value;
        }

        return all;
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = (await request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        form["authorization"] = request.Headers.Authorization.ToString();
        TokenRequests.Enqueue(form);
        var isGood = _codes.TryRemove(form["code"], out var grant)
            && grant["redirect_uri"]!.GetValue<string>() == form["redirect_uri"]
            && (IgnoresVerifier || Pkce.Matches(grant["challenge"]!.GetValue<string>(), form["code_verifier"]));
        if (!isGood)
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        var claims = grant!["claims"]!.AsObject();
        ChangesIdToken?.Invoke(claims);
        var payload = claims.ToJsonString();
        return Results.Json(new
        {
            access_token = "upstream-access-token",
            token_type = "Bearer",
            id_token = Signs is null ? JwtWriter.Write(Key, "JWT", Encoding.UTF8.GetBytes(payload)) : Signs(payload),
        });
    }
}
