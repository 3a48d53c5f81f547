using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.ResourceServer.Tests.Testing;

/// <summary>An API on a free loopback port that accepts the test issuer's tokens, and a client for it.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestApi(WebApplication app) => _app = app;

    public HttpClient Http { get; } = new();

    public FakeClock Clock { get; private init; } = null!;

    public TestIssuer Issuer { get; private init; } = null!;

    public CapturedLog Log { get; private init; } = null!;

    public static async Task<TestApi> StartAsync(Action<ResourceServerOptions>? configure = null)
    {
        var clock = new FakeClock();
        var issuer = await TestIssuer.StartAsync(clock);
        var log = new CapturedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddAuthentication().AddIdentityProvider(options =>
        {
            options.Authority = issuer.Issuer;
            options.Audience = issuer.Audience;
            configure?.Invoke(options);
        });
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/open", () => "open");
        app.MapMethods("/any", ["GET", "POST"], () => "any").RequireAuthorization();
        app.MapPost("/form", async (HttpRequest request) => (await request.ReadFormAsync())["item"].ToString())
            .RequireAuthorization();
        app.MapGet("/read", () => "read").RequireScope("orders.read");
        app.MapGet("/both", () => "both").RequireScope("orders.read", "orders.write");
        app.MapGet("/recent", () => "recent").RequireUserAuthentication(TimeSpan.FromMinutes(5));
        app.MapGet("/strong", () => "strong").RequireUserAuthentication(acrValues: ["phr", "mfa"]);
        app.MapGet("/never", () => "never").RequireAuthorization(policy => policy.RequireAssertion(_ => false));
        app.MapGet("/claims", (ClaimsPrincipal user) => user.Claims.Select(claim => $"{claim.Type}={claim.Value}"))
            .RequireAuthorization();
        app.MapGet("/name", (ClaimsPrincipal user) => user.Identity!.Name).RequireAuthorization();
        await app.StartAsync();
        var api = new TestApi(app) { Clock = clock, Issuer = issuer, Log = log };
        api.Http.BaseAddress = new Uri(app.Urls.Single());
        return api;
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? token) =>
        SendAsync(path, token is null ? null : "Bearer " + token);

    public Task<HttpResponseMessage> SendAsync(string path, string? authorization)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return Http.SendAsync(request);
    }

    /// <summary>The status code of GET /any with this token.</summary>
    public async Task<int> StatusOfAsync(string token)
    {
        using var response = await GetAsync("/any", token);
        return (int)response.StatusCode;
    }

    /// <summary>The token is refused with 401 invalid_token, and the log says why.</summary>
    public async Task RefusesAsync(string token, string reason)
    {
        using var response = await GetAsync("/any", token);
        Assert.Equal(401, (int)response.StatusCode);
        Assert.Equal(
            "Bearer realm=\"https://orders.example\", error=\"invalid_token\", "
            + "error_description=\"The access token is malformed, expired, withdrawn or not for this API.\"",
            response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("Access token refused: " + reason, Log.Last("Access token"));
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Issuer.DisposeAsync();
    }
}
