using System.Collections.Concurrent;
using System.Net;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Faults;

/// <summary>More work than memory, threads and processors: what cannot be done is refused, nothing hangs, and afterwards all is as before.</summary>
public sealed class ExhaustedServerTests
{
    private static readonly TimeSpan Storm = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    [Case(401)]
    public async Task Server_with_little_memory_and_four_threads_stands_a_storm_and_works_on()
    {
        await using var server = await RunningServer.StartAsync(
            KeyValuePair.Create("DOTNET_GCHeapHardLimit", "0x8000000"), // 128 MiB
            KeyValuePair.Create("DOTNET_ThreadPool_ForceMaxWorkerThreads", "4"));
        await GetTokenAsync(server);
        var (pages, answers) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        using var end = new CancellationTokenSource(Storm);

        var callers = Enumerable.Range(0, 30).SelectMany(_ => new[]
        {
            RepeatAsync(pages, () => SignInAsync(server)),
            RepeatAsync(answers, () => AskAsync(server, 60_000)),
            RepeatAsync(answers, () => AskAsync(server, 1)),
        }).ToList();
        while (!end.IsCancellationRequested)
        {
            using var live = await server.Http.GetAsync("/health/live").WaitAsync(Patience);
            Assert.Equal(HttpStatusCode.OK, live.StatusCode);
        }

        await Task.WhenAll(callers).WaitAsync(Patience);
        Assert.All(pages.Concat(answers), status => Assert.True(status is 200 or 503, $"answered with {status}"));
        Assert.Contains(200, pages); // people came in all the while
        Assert.Contains(200, answers);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => GetTokenAsync(server))).WaitAsync(Patience);
        Assert.Equal(200, await SignInAsync(server));

        async Task RepeatAsync(ConcurrentQueue<int> statuses, Func<Task<int>> work)
        {
            while (!end.IsCancellationRequested)
            {
                statuses.Enqueue(await work());
            }
        }
    }

    private static Task<string> GetTokenAsync(RunningServer server) =>
        server.GetTokenAsync("service-worker", "service-worker-development-secret", "orders.read");

    private static async Task<int> SignInAsync(RunningServer server)
    {
        using var visitor = new Visitor(new Uri(server.Issuer));
        await visitor.GoToAsync("/signin");
        if (visitor.Page.QuerySelector("#signin") is not null)
        {
            await CodeFlow.SignInAsync(visitor);
        }

        return visitor.Status;
    }

    private static async Task<int> AskAsync(RunningServer server, int length)
    {
        using var response = await server.PostAsync(
            "token_endpoint",
            ("service-worker", "service-worker-development-secret"),
            ("grant_type", "client_credentials"),
            ("scope", "orders.read"),
            ("nothing", new string('a', length)));
        return (int)response.StatusCode;
    }
}
