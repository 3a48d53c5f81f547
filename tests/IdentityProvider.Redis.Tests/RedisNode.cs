using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Redis.Tests;

/// <summary>What a server has of Redis: a connection that is kept, and counters before those of a database, which is played by memory.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    public static readonly AttemptLimit Five = new("five", 5, TimeSpan.FromMinutes(15));

    private readonly CancellationTokenSource _stopping = new();
    private readonly ServiceProvider _services;
    private readonly Task _connection;

    private RedisNode(RedisOptions options, ManualTimeProvider clock, MemoryAttempts database)
    {
        (Clock, Database) = (clock, database);
        Assert.Empty(options.Validate());
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Logs))
            .AddSingleton<TimeProvider>(clock)
            .AddSingleton<IAttemptStore>(database)
            .AddRedis(options)
            .BuildServiceProvider();
        Client = _services.GetRequiredService<RedisClient>();
        Attempts = _services.GetRequiredService<IAttemptStore>();
        _connection = Client.RunAsync(_stopping.Token);
    }

    public ManualTimeProvider Clock { get; }

    public MemoryAttempts Database { get; }

    public LogCapture Logs { get; } = new();

    public RedisClient Client { get; }

    public IAttemptStore Attempts { get; }

    public RedisStatus Status => Client.Status;

    /// <summary>One that may never find its server.</summary>
    /// <param name="options">How it looks for it.</param>
    /// <param name="beside">Another node of the same cluster.</param>
    /// <param name="timeout">In milliseconds; long, unless the test is about it, for machines that are busy.</param>
    public static RedisNode Start(RedisOptions options, RedisNode? beside = null, int timeout = 5000)
    {
        options.CommandTimeoutMs = timeout;
        return new(options, beside?.Clock ?? new ManualTimeProvider(), beside?.Database ?? new MemoryAttempts());
    }

    /// <summary>One that is connected, and in a window that Redis has seen from its beginning.</summary>
    public static async Task<RedisNode> StartAsync(RedisInstance server, RedisNode? beside = null, int timeout = 5000)
    {
        var node = Start(new RedisOptions { Addresses = [server.Address] }, beside, timeout);
        await node.UsesRedisAsync();
        if (beside is null)
        {
            node.BeginWindow();
        }

        return node;
    }

    public Task UsesRedisAsync() => RedisInstance.UntilAsync(() => Status.IsUsed);

    public Task LosesRedisAsync() => RedisInstance.UntilAsync(() => !Status.IsUsed);

    /// <summary>Far enough ahead that Redis counts in it.</summary>
    public void BeginWindow() => Clock.Advance(TimeSpan.FromMinutes(20));

    public AttemptCounter CounterOf(string value) => Five.CounterOf(value, Clock.GetUtcNow());

    /// <summary>True when it was let in.</summary>
    public async Task<bool> TryAsync(string value) => await Attempts.TryCountAsync(CounterOf(value), default) is not null;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _connection;
        await _services.DisposeAsync();
        _stopping.Dispose();
    }
}

/// <summary>Counters of the database.</summary>
internal sealed class MemoryAttempts : IAttemptStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>How often it was asked.</summary>
    public int Calls { get; private set; }

    public Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Calls++;
            var name = Convert.ToHexString(counter.Key.Span);
            var count = _counts.GetValueOrDefault(name);
            _counts[name] = Math.Min(count + 1, counter.Most);
            return Task.FromResult(count < counter.Most ? new CountedAttempt(counter.Key, IsInCache: false) : null);
        }
    }

    public Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Calls++;
            foreach (var name in attempts.Select(attempt => Convert.ToHexString(attempt.Key.Span)))
            {
                _counts[name] = Math.Max(0, _counts.GetValueOrDefault(name) - 1);
            }
        }

        return Task.CompletedTask;
    }
}
