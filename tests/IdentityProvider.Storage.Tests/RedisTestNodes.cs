using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Storage.Tests;

/// <summary>Nodes that count in one Redis, and have no database to count in.</summary>
public sealed class RedisTestNodes : IAsyncLifetime
{
    private readonly List<(ServiceProvider Services, CancellationTokenSource Stopping, Task Connection)> _nodes = [];
    private RedisInstance? _server;

    /// <summary>Of those who attempt something. The nodes' own, which Redis' has to agree with, is the machine's.</summary>
    public TestClock Clock { get; } = new();

    internal IAttemptStore Main { get; private set; } = null!;

    internal IAttemptStore Other { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        if (RedisInstance.FindObstacle() is not null)
        {
            return; // the tests are skipped
        }

        _server = RedisInstance.Create();
        (Main, Other) = (await StartAsync(), await StartAsync());
        Clock.Advance(TimeProvider.System.GetUtcNow().AddHours(1) - Clock.Now); // Redis counts in windows that it has seen from their beginning
    }

    public async Task DisposeAsync()
    {
        foreach (var (services, stopping, connection) in _nodes)
        {
            await stopping.CancelAsync();
            await connection;
            stopping.Dispose();
            await services.DisposeAsync();
        }

        _server?.Dispose();
    }

    internal async Task<IAttemptStore> StartAsync()
    {
        var options = new RedisOptions { Addresses = [_server!.Address], CommandTimeoutMs = 5000 };
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System).AddSingleton<IAttemptStore>(new NoAttempts())
            .AddRedis(options).BuildServiceProvider();
        var client = services.GetRequiredService<RedisClient>();
        var stopping = new CancellationTokenSource();
        _nodes.Add((services, stopping, client.RunAsync(stopping.Token)));
        await RedisInstance.UntilAsync(() => client.Status.IsUsed);
        return services.GetRequiredService<IAttemptStore>();
    }

    private sealed class NoAttempts : IAttemptStore
    {
        public Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("counted in the database");

        public Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("taken back in the database");
    }
}
