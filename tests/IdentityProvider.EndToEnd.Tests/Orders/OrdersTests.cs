using System.Net.Http.Headers;
using System.Net.Http.Json;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Orders;

/// <summary>Tokens of the server at two APIs written apart from it: one with our package, one with Node and jose.</summary>
public sealed class OrdersTests(OrdersFixture running) : IClassFixture<OrdersFixture>
{
    /// <summary>The list's ttl here is one second; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Service_is_accepted_by_both_apis()
    {
        var (exitCode, output) = await SampleProcesses.RunServiceWorkerAsync(
            running.Server.Issuer, running.ResourceApi.Address, running.NodeApi.Address);

        Assert.True(exitCode == 0, output);
        Assert.Contains("ResourceApi: GET /orders 200, POST /orders 201", output, StringComparison.Ordinal);
        Assert.Contains("NodeApi: GET /orders 200, POST /orders 201", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Token_without_the_scope_is_forbidden_at_both_apis()
    {
        var token = await running.Server.GetTokenAsync("service-worker", "service-worker-development-secret", "orders.read");
        foreach (var api in running.Apis)
        {
            Assert.Equal((200, 403), (await ReadAsync(api, token), await AddAsync(api, token)));
        }
    }

    [Fact]
    public async Task Revoked_token_is_refused_by_both_apis_within_the_ttl()
    {
        var token = await GetUserTokenAsync();
        foreach (var api in running.Apis)
        {
            Assert.Equal((200, 201), (await ReadAsync(api, token), await AddAsync(api, token)));
        }

        using var revoked = await running.Server.PostAsync("revocation_endpoint", null, ("client_id", "spa"), ("token", token));
        Assert.True(revoked.IsSuccessStatusCode, await revoked.Content.ReadAsStringAsync());
        Assert.Equal("{\"active\":false}", await IntrospectAsync(token));
        foreach (var api in running.Apis)
        {
            await AssertBecomesAsync(401, () => ReadAsync(api, token));
        }
    }

    [Fact]
    public async Task Token_is_active_at_introspection_until_it_is_revoked()
    {
        var token = await GetUserTokenAsync();
        Assert.Contains("\"active\":true", await IntrospectAsync(token), StringComparison.Ordinal);
        using var revoked = await running.Server.PostAsync("revocation_endpoint", null, ("client_id", "spa"), ("token", token));

        Assert.Equal("{\"active\":false}", await IntrospectAsync(token));
    }

    private static async Task<int> ReadAsync(Uri api, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(api, "/orders"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task<int> AddAsync(Uri api, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(api, "/orders"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Content = JsonContent.Create(new { item = "Assam", quantity = 1 });
        using var response = await http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private static async Task AssertBecomesAsync(int expected, Func<Task<int>> ask)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        var answer = await ask();
        while (answer != expected && !limit.IsCancellationRequested)
        {
            await timer.WaitForNextTickAsync();
            answer = await ask();
        }

        Assert.Equal(expected, answer);
    }

    private async Task<string> IntrospectAsync(string token)
    {
        using var response = await running.Server.PostAsync(
            "introspection_endpoint", ("orders-api", "orders-api-development-secret"), ("token", token));
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>A token of alice for the public client, by authorization code with PKCE.</summary>
    private async Task<string> GetUserTokenAsync()
    {
        using var visitor = new Visitor(new Uri(running.Server.Issuer));
        return await new CodeFlow(running.Server).RunAsync(visitor, "spa", "http://127.0.0.1/callback", "openid orders.read orders.write");
    }
}
