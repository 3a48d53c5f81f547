using System.Net;
using System.Text;
using IdentityProvider.EndToEnd.Tests.Fakes;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The service and both order APIs as processes, with an issuer that can misbehave.</summary>
public sealed class OrderApisTests
{
    [Fact]
    public async Task Service_gets_one_token_and_both_apis_accept_it()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var resourceApi = await SampleProcesses.StartResourceApiAsync(issuer.Issuer);
        await using var nodeApi = await SampleProcesses.StartNodeApiAsync(issuer.Issuer);
        var (exitCode, output) = await SampleProcesses.RunServiceWorkerAsync(issuer.Issuer, resourceApi.Address, nodeApi.Address);

        Assert.Contains("ResourceApi: GET /orders 200, POST /orders 201", output, StringComparison.Ordinal);
        Assert.Contains("NodeApi: GET /orders 200, POST /orders 201", output, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        var request = Assert.Single(issuer.TokenRequests);
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes("service-worker:service-worker-development-secret")),
            request["authorization"]);
    }

    [Fact]
    public async Task Service_asks_for_a_new_token_once_when_its_token_was_withdrawn()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        issuer.Withdrawn[0] = true;
        await using var resourceApi = await SampleProcesses.StartResourceApiAsync(issuer.Issuer);
        await using var nodeApi = await SampleProcesses.StartNodeApiAsync(issuer.Issuer);
        var (exitCode, _) = await SampleProcesses.RunServiceWorkerAsync(issuer.Issuer, resourceApi.Address, nodeApi.Address);

        Assert.Equal((0, 2), (exitCode, issuer.TokenRequests.Count));
    }

    [Fact]
    public async Task Missing_scope_is_forbidden_at_both_apis()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var resourceApi = await SampleProcesses.StartResourceApiAsync(issuer.Issuer);
        await using var nodeApi = await SampleProcesses.StartNodeApiAsync(issuer.Issuer);
        var (exitCode, output) = await SampleProcesses.RunServiceWorkerAsync(
            issuer.Issuer, resourceApi.Address, nodeApi.Address, KeyValuePair.Create("Scope", "orders.read"));

        Assert.Contains("ResourceApi: GET /orders 200, POST /orders 403", output, StringComparison.Ordinal);
        Assert.Contains("NodeApi: GET /orders 200, POST /orders 403", output, StringComparison.Ordinal);
        Assert.Equal((1, 1), (exitCode, issuer.TokenRequests.Count));
    }

    [Fact]
    public async Task Both_apis_answer_bad_requests_alike()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        await using var resourceApi = await SampleProcesses.StartResourceApiAsync(issuer.Issuer);
        await using var nodeApi = await SampleProcesses.StartNodeApiAsync(issuer.Issuer);
        foreach (var api in (Uri[])[resourceApi.Address, nodeApi.Address])
        {
            await AssertAnswerAsync(api, "/orders", null, 401, "Bearer realm=\"https://orders.example\"");
            await AssertAnswerAsync(api, "/orders", "Bearer rubbish", 401, "error=\"invalid_token\"");
            await AssertAnswerAsync(api, "/orders", "Bearer a b", 400, "error=\"invalid_request\"");
            await AssertAnswerAsync(api, "/orders?access_token=x", null, 400, "error=\"invalid_request\"");
        }
    }

    [Fact]
    public async Task Service_says_what_to_start_when_nothing_runs()
    {
        var nowhere = new Uri("http://127.0.0.1:9");
        var (exitCode, output) = await SampleProcesses.RunServiceWorkerAsync("http://127.0.0.1:9", nowhere, nowhere);

        Assert.Equal(1, exitCode);
        Assert.Contains("Are the identity provider (http://127.0.0.1:9) and http://127.0.0.1:9/orders running?", output, StringComparison.Ordinal);
    }

    private static async Task AssertAnswerAsync(Uri api, string path, string? authorization, int status, string challenge)
    {
        using var http = new HttpClient { BaseAddress = api };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var response = await http.SendAsync(request);
        Assert.Equal((HttpStatusCode)status, response.StatusCode);
        Assert.Contains(challenge, response.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
    }
}
