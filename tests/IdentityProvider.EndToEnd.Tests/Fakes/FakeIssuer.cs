using System.Buffers.Text;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.EndToEnd.Tests.Fakes;

/// <summary>
/// An issuer that signs alice in without asking, and on demand does what a real one never would. For the behaviour of
/// the samples; what the product does is tested with the product.
/// </summary>
internal sealed class FakeIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ConcurrentDictionary<string, string> _codes = new(StringComparer.Ordinal);
    private int _issued;

    private FakeIssuer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapGet("/.well-known/openid-configuration", Metadata);
        _app.MapGet("/jwks", Keys);
        _app.MapGet("/status/0", StatusList);
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", TokenAsync);
        _app.MapGet("/userinfo", () => Results.Json(new { sub = UserInfoSubject, name = "Alice Example", email = "alice@example.com" }));
        _app.MapGet("/endsession", (HttpRequest request) =>
        {
            EndSession = request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
            return Results.Redirect($"{EndSession["post_logout_redirect_uri"]}?state={EndSession["state"]}");
        });
    }

    public string Issuer { get; private set; } = "";

    /// <summary>What the authorization response says; null: nothing.</summary>
    public string? ResponseIssuer { get; set; }

    public string UserInfoSubject { get; set; } = "alice";

    public string IdTokenAudience { get; set; } = "web-app";

    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    public bool RefusesRefresh { get; set; }

    /// <summary>Status indexes; each access token has the next one, from 0.</summary>
    public ConcurrentDictionary<int, bool> Withdrawn { get; } = new();

    public ConcurrentQueue<IReadOnlyDictionary<string, string>> TokenRequests { get; } = new();

    public IReadOnlyDictionary<string, string>? EndSession { get; private set; }

    public static async Task<FakeIssuer> StartAsync()
    {
        var issuer = new FakeIssuer();
        await issuer._app.StartAsync();
        issuer.Issuer = issuer._app.Urls.Single();
        issuer.ResponseIssuer = issuer.Issuer;
        return issuer;
    }

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
    }

    private IResult Metadata() => Results.Json(new
    {
        issuer = Issuer,
        jwks_uri = Issuer + "/jwks",
        authorization_endpoint = Issuer + "/authorize",
        token_endpoint = Issuer + "/token",
        userinfo_endpoint = Issuer + "/userinfo",
        end_session_endpoint = Issuer + "/endsession",
    });

    private IResult Keys()
    {
        var q = _key.ExportParameters(false).Q;
        var key = new { kty = "EC", crv = "P-256", kid = "k", alg = "ES256", use = "sig", x = Base64Url.EncodeToString(q.X), y = Base64Url.EncodeToString(q.Y) };
        return Results.Json(new { keys = new[] { key } });
    }

    private IResult StatusList()
    {
        var bits = new byte[128];
        foreach (var index in Withdrawn.Keys)
        {
            bits[index / 8] |= (byte)(1 << (index % 8));
        }

        using var compressed = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(bits);
        }

        var claims = new JsonObject
        {
            ["sub"] = Issuer + "/status/0",
            ["iat"] = Now(),
            ["exp"] = Now() + 3600,
            ["ttl"] = 1,
            ["status_list"] = new JsonObject { ["bits"] = 1, ["lst"] = Base64Url.EncodeToString(compressed.ToArray()) },
        };
        return Results.Text(Sign("statuslist+jwt", claims), "application/statuslist+jwt");
    }

    private IResult Authorize(HttpRequest request)
    {
        var query = request.Query;
        Assert.Equal("S256", query["code_challenge_method"]);
        var code = Guid.NewGuid().ToString("N");
        _codes[code] = query["code_challenge"].ToString();
        var answer = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["code"] = code,
            ["state"] = query["state"],
            ["iss"] = ResponseIssuer,
        };
        return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"].ToString(), answer.Where(pair => pair.Value is not null)));
    }

    private async Task<IResult> TokenAsync(HttpRequest request)
    {
        var form = (await request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.Ordinal);
        form["authorization"] = request.Headers.Authorization.ToString();
        TokenRequests.Enqueue(form);
        return form["grant_type"] switch
        {
            "authorization_code" when _codes.TryRemove(form["code"], out var challenge)
                && string.Equals(challenge, Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]))), StringComparison.Ordinal) =>
                Results.Json(UserTokens()),
            "refresh_token" when !RefusesRefresh => Results.Json(UserTokens()),
            "client_credentials" => Results.Json(new JsonObject
            {
                ["access_token"] = AccessToken("service-worker", "service-worker", form["scope"]),
                ["token_type"] = "Bearer",
                ["expires_in"] = (int)AccessTokenLifetime.TotalSeconds,
            }),
            _ => Results.Json(new { error = "invalid_grant" }, statusCode: 400),
        };
    }

    private JsonObject UserTokens() => new()
    {
        ["access_token"] = AccessToken("alice", "web-app", "orders.read orders.write"),
        ["refresh_token"] = "refresh-" + _issued,
        ["id_token"] = Sign("JWT", new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = IdTokenAudience,
            ["sub"] = "alice",
            ["iat"] = Now(),
            ["exp"] = Now() + 600,
        }),
        ["token_type"] = "Bearer",
        ["expires_in"] = (int)AccessTokenLifetime.TotalSeconds,
    };

    private string AccessToken(string subject, string client, string scope) => Sign("at+jwt", new JsonObject
    {
        ["iss"] = Issuer,
        ["aud"] = "https://orders.example",
        ["sub"] = subject,
        ["client_id"] = client,
        ["scope"] = scope,
        ["jti"] = Guid.NewGuid().ToString("N"),
        ["iat"] = Now(),
        ["exp"] = Now() + 600,
        ["status"] = new JsonObject
        {
            ["status_list"] = new JsonObject { ["idx"] = Interlocked.Increment(ref _issued) - 1, ["uri"] = Issuer + "/status/0" },
        },
    });

    private string Sign(string type, JsonObject claims)
    {
        var header = new JsonObject { ["typ"] = type, ["alg"] = "ES256", ["kid"] = "k" };
        var input = Encode(header) + "." + Encode(claims);
        return input + "." + Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(input), HashAlgorithmName.SHA256));
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
