using System.Buffers.Text;
using System.Collections.Concurrent;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.ResourceServer.Tests.Testing;

/// <summary>
/// An issuer on a free loopback port: metadata, JWKS and one status list, all of which a test can change while it
/// runs, with a count of what was asked for.
/// </summary>
internal sealed class TestIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _requests = new(StringComparer.Ordinal);

    private TestIssuer(FakeClock clock)
    {
        Clock = clock;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Use(CountAsync);
        _app.MapGet("/.well-known/openid-configuration", MetadataAsync);
        _app.MapGet("/jwks", KeysAsync);
        _app.MapGet("/status/1", StatusAsync);
        Keys = [IssuerKey.Create("first")];
    }

    public FakeClock Clock { get; }

    public string Issuer { get; private set; } = "";

    public string Audience { get; } = "https://orders.example";

    public string StatusUri => Issuer + "/status/1";

    public List<IssuerKey> Keys { get; set; }

    public TimeSpan? KeysMaximumAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Answers in place of the built-in ones, by path; for everything an issuer should not do.</summary>
    public ConcurrentDictionary<string, RequestDelegate> Overrides { get; } = new(StringComparer.Ordinal);

    /// <summary>The uncompressed list; a set bit withdraws.</summary>
    public byte[] Statuses { get; set; } = new byte[128];

    /// <summary>Changed by a test after it changed the list.</summary>
    public int StatusVersion { get; set; } = 1;

    /// <summary>Claims of the status list token that differ from a good one.</summary>
    public Action<JsonObject> StatusClaims { get; set; } = _ => { };

    public string StatusType { get; set; } = "statuslist+jwt";

    public Func<IssuerKey>? StatusKey { get; set; }

    public int NotModifiedAnswers { get; private set; }

    public static async Task<TestIssuer> StartAsync(FakeClock clock)
    {
        var issuer = new TestIssuer(clock);
        await issuer._app.StartAsync();
        issuer.Issuer = issuer._app.Urls.Single();
        return issuer;
    }

    public int Requests(string path) => _requests.GetValueOrDefault(path);

    public JsonObject Claims() => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "alice",
        ["client_id"] = "web-app",
        ["scope"] = "orders.read",
        ["jti"] = "t1",
        ["iat"] = Seconds(0),
        ["exp"] = Seconds(300),
    };

    public string Token(Action<JsonObject>? change = null, IssuerKey? key = null, string type = "at+jwt")
    {
        var claims = Claims();
        change?.Invoke(claims);
        return Sign(claims.ToJsonString(), key, type);
    }

    public string TokenWithStatus(long index, string? uri = null) => Token(claims => claims["status"] = new JsonObject
    {
        ["status_list"] = new JsonObject { ["idx"] = index, ["uri"] = uri ?? StatusUri },
    });

    public string Sign(string payload, IssuerKey? key = null, string type = "at+jwt")
    {
        key ??= Keys[0];
        var header = new JsonObject { ["typ"] = type, ["alg"] = key.Algorithm, ["kid"] = key.Id };
        return key.Sign(header.ToJsonString(), payload);
    }

    public long Seconds(double fromNow) => Clock.GetUtcNow().AddSeconds(fromNow).ToUnixTimeSeconds();

    public void Withdraw(int index)
    {
        Statuses[index / 8] |= (byte)(1 << (index % 8));
        StatusVersion++;
    }

    public Task StopAsync() => _app.StopAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    public static string Compress(byte[] bytes)
    {
        using var output = new MemoryStream();
        using (var zlib = new ZLibStream(output, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        return Base64Url.EncodeToString(output.ToArray());
    }

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path.Value!;
        _requests.AddOrUpdate(path, 1, (_, count) => count + 1);
        await (Overrides.TryGetValue(path, out var other) ? other(context) : next(context));
    }

    private Task MetadataAsync(HttpContext context) => context.Response.WriteAsync(
        new JsonObject { ["issuer"] = Issuer, ["jwks_uri"] = Issuer + "/jwks" }.ToJsonString());

    private Task KeysAsync(HttpContext context)
    {
        if (KeysMaximumAge is { } age)
        {
            context.Response.Headers.CacheControl = $"public, max-age={(int)age.TotalSeconds}";
        }

        var keys = new JsonArray([.. Keys.Select(key => key.PublicJwk())]);
        return context.Response.WriteAsync(new JsonObject { ["keys"] = keys }.ToJsonString());
    }

    private Task StatusAsync(HttpContext context)
    {
        var tag = $"\"v{StatusVersion}\"";
        if (string.Equals(context.Request.Headers.IfNoneMatch, tag, StringComparison.Ordinal))
        {
            NotModifiedAnswers++;
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["sub"] = StatusUri,
            ["iat"] = Seconds(0),
            ["exp"] = Seconds(3600),
            ["ttl"] = 10,
            ["status_list"] = new JsonObject { ["bits"] = 1, ["lst"] = Compress(Statuses) },
        };
        StatusClaims(claims);
        context.Response.Headers.ETag = tag;
        context.Response.ContentType = "application/statuslist+jwt";
        return context.Response.WriteAsync(Sign(claims.ToJsonString(), StatusKey?.Invoke(), StatusType));
    }
}
