using System.Net;
using System.Text.Json;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Faults;

/// <summary>The disk refuses to write: 503 for what must be kept, everything else goes on, and all is well as soon as there is room.</summary>
public sealed class FullDiskTests
{
    private const int Devices = 400;

    [Fact]
    [Case(391)]
    public async Task Nothing_is_answered_as_done_while_the_disk_is_full()
    {
        await using var server = await RunningServer.StartAsync();
        var before = await AskUntilAsync(server, status => status is HttpStatusCode.OK, 1);
        await server.FillDiskAsync(isFull: true);

        // The file in which SQLite writes ahead has some room left, so the first few may still be kept.
        var during = await AskUntilAsync(server, status => status is HttpStatusCode.ServiceUnavailable, Devices);
        var (status, text) = await RequestAsync(server);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"temporarily_unavailable\"", text, StringComparison.Ordinal);
        await AssertHealthAsync(server, "/health/ready", HttpStatusCode.ServiceUnavailable, "Unhealthy: storage");
        await AssertHealthAsync(server, "/health/live", HttpStatusCode.OK, "Healthy");
        await server.GetTokenAsync("service-worker", "service-worker-development-secret", "orders.read"); // needs no write

        await server.FillDiskAsync(isFull: false);

        var after = await AskUntilAsync(server, answer => answer is HttpStatusCode.OK, 1);
        await AssertHealthAsync(server, "/health/ready", HttpStatusCode.OK, "Healthy");
        await server.KillAndRestartAsync();
        foreach (var code in before.Concat(during).Concat(after))
        {
            using var poll = await server.PostAsync(
                "token_endpoint", null, ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("client_id", "device-cli"), ("device_code", code));
            Assert.Contains("authorization_pending", await poll.Content.ReadAsStringAsync(), StringComparison.Ordinal); // it was kept
        }
    }

    /// <summary>Asks until an answer is as expected: the device codes that were given on the way, this one's included.</summary>
    private static async Task<List<string>> AskUntilAsync(RunningServer server, Func<HttpStatusCode, bool> isExpected, int most)
    {
        var codes = new List<string>();
        for (var i = 0; i < most; i++)
        {
            var (status, text) = await RequestAsync(server);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.ServiceUnavailable, text);
            if (status is HttpStatusCode.OK)
            {
                using var body = JsonDocument.Parse(text);
                codes.Add(body.RootElement.GetProperty("device_code").GetString()!);
            }

            if (isExpected(status))
            {
                return codes;
            }
        }

        throw new InvalidOperationException($"not after {most} requests");
    }

    private static async Task<(HttpStatusCode Status, string Body)> RequestAsync(RunningServer server)
    {
        using var response = await server.PostAsync("device_authorization_endpoint", null, ("client_id", "device-cli"), ("scope", "openid"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private static async Task AssertHealthAsync(RunningServer server, string path, HttpStatusCode status, string text)
    {
        using var response = await server.Http.GetAsync(path);
        Assert.Equal((status, text), (response.StatusCode, await response.Content.ReadAsStringAsync()));
    }
}
