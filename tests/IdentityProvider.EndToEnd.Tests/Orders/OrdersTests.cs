using System.Net.Http.Headers;
using System.Net.Http.Json;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Orders;

/// <summary>Tokens of the server at two APIs written apart from it: one with our package, one with Node and jose.</summary>
public sealed class OrdersTests(OrdersFixture running) : IClassFixture<OrdersFixture>
{
    private const string Client = "service-worker";
    private const string Secret = "service-worker-development-secret";

    /// <summary>The list's ttl here is one second; the rest is for a busy machine.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

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
        var token = await running.Server.GetTokenAsync(Client, Secret, "orders.read");
        foreach (var api in running.Apis)
        {
            Assert.Equal((200, 403), (await ReadAsync(api, token), await AddAsync(api, token)));
        }
    }

    [Fact]
    public async Task Revoked_token_is_refused_by_both_apis_within_the_ttl_and_the_service_goes_on_with_a_new_one()
    {
        var token = await running.Server.GetTokenAsync(Client, Secret, "orders.read orders.write");
        foreach (var api in running.Apis)
        {
            Assert.Equal(200, await ReadAsync(api, token));
        }

        using var revoked = await running.Server.PostAsync("revocation_endpoint", Client, Secret, ("token", token));
        Assert.True(revoked.IsSuccessStatusCode, await revoked.Content.ReadAsStringAsync());
        foreach (var api in running.Apis)
        {
            await AssertBecomesAsync(401, () => ReadAsync(api, token));
        }

        var (exitCode, output) = await SampleProcesses.RunServiceWorkerAsync(
            running.Server.Issuer, running.ResourceApi.Address, running.NodeApi.Address);
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Revoked_token_is_inactive_at_introspection_at_once()
    {
        var token = await running.Server.GetTokenAsync(Client, Secret, "orders.read");
        Assert.Contains("\"active\":true", await IntrospectAsync(token), StringComparison.Ordinal);
        using var revoked = await running.Server.PostAsync("revocation_endpoint", Client, Secret, ("token", token));

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
            "introspection_endpoint", "orders-api", "orders-api-development-secret", ("token", token));
        return await response.Content.ReadAsStringAsync();
    }
}
