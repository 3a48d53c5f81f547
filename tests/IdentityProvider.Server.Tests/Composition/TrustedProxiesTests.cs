using System.Net;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Composition.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;

namespace IdentityProvider.Server.Tests.Composition;

public sealed class TrustedProxiesTests
{
    [Theory]
    [InlineData("10.0.0.5", "10.0.0.5", "https id.example 203.0.113.9")]
    [InlineData("10.0.0.0/24", "10.0.0.77", "https id.example 203.0.113.9")]
    [InlineData("10.0.0.5", "10.0.0.6", "http id.example 10.0.0.6")]
    [InlineData("10.0.0.5", "127.0.0.1", "http id.example 127.0.0.1")]
    [InlineData(null, "127.0.0.1", "http id.example 127.0.0.1")]
    public async Task Forwarded_headers_are_believed_only_from_named_proxies_and_the_host_never(string? trusted, string peer, string seen)
    {
        var proxies = new ProxyOptions { TrustedProxies = trusted is null ? [] : [trusted] };
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseTestServer();
        builder.Services.AddTrustedProxies(proxies);
        await using var app = builder.Build();
        app.Use((context, next) =>
        {
            context.Connection.RemoteIpAddress = IPAddress.Parse(peer);
            return next(context);
        });
        app.UseTrustedProxies(proxies);
        app.MapGet("/", (HttpContext context) => $"{context.Request.Scheme} {context.Request.Host} {context.Connection.RemoteIpAddress}");
        await app.StartAsync();

        using var request = new HttpRequestMessage(HttpMethod.Get, "http://id.example/");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        using var response = await app.GetTestClient().SendAsync(request);

        Assert.Equal(seen, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public void What_is_no_address_is_refused() =>
        Assert.Single(new ProxyOptions { TrustedProxies = ["10.0.0.1", "proxy.example", "10.0.0.0/8"] }.Validate());
}
