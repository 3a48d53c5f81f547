using System.Net.Http.Headers;
using System.Reflection;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using Xunit.Abstractions;

namespace IdentityProvider.Interop.Tests;

/// <summary>An API that uses Microsoft's JwtBearer handler instead of ours accepts the server's tokens.</summary>
public sealed class JwtBearerTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Jwt_bearer_accepts_the_servers_access_tokens_and_nothing_else_it_signs()
    {
        var run = new ClientRun(ForeignClients.JwtBearer, output);
        run.Introduce(typeof(JwtBearerHandler).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0]);
        await using var server = await RunningServer.StartAsync();
        await using var api = await StartApiAsync(server.Issuer);
        var address = new Uri(api.Urls.Single());
        var token = await server.GetTokenAsync("service-worker", "service-worker-development-secret", "orders.read");

        Assert.Equal(200, await StatusAsync(address, token));
        run.Covers("access token, by discovery and key set");
        Assert.Equal(401, await StatusAsync(address, token[..^8] + "AAAAAAAA"));
        run.Covers("altered token refused");
        Assert.Equal(401, await StatusAsync(address, await GetStatusListAsync(server, token)));
        run.Covers("status list refused as access token");
        run.End();
    }

    private static async Task<WebApplication> StartApiAsync(string issuer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.Authority = issuer;
            options.RequireHttpsMetadata = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                ValidAudience = "https://orders.example",
                ValidTypes = ["at+jwt"],
                ClockSkew = TimeSpan.FromSeconds(30),
            };
        });
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapGet("/", () => "in").RequireAuthorization();
        await app.StartAsync();
        return app;
    }

    private static async Task<int> StatusAsync(Uri address, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>Another token of the same issuer and key: its status list.</summary>
    private static async Task<string> GetStatusListAsync(RunningServer server, string token)
    {
        var payload = System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[1]);
        using var claims = System.Text.Json.JsonDocument.Parse(payload);
        var address = claims.RootElement.GetProperty("status").GetProperty("status_list").GetProperty("uri").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("application/statuslist+jwt");
        using var response = await server.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }
}
