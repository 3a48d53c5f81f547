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

    private readonly RedisNode? _beside;
    private DateTimeOffset? _windowStart;

    private RedisNode(RedisOptions options, RedisNode? beside, TimeProvider own)
    {
        (_beside, Clock, Database) = (beside, beside?.Clock ?? new ManualTimeProvider(TimeProvider.System.GetUtcNow()), beside?.Database ?? new MemoryAttempts());
        Assert.Empty(options.Validate());
        _services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(Logs))
            .AddSingleton(own)
            .AddSingleton<IAttemptStore>(Database)
            .AddRedis(options)
            .BuildServiceProvider();
        Client = _services.GetRequiredService<RedisClient>();
        Attempts = _services.GetRequiredService<IAttemptStore>();
        _connection = Client.RunAsync(_stopping.Token);
    }

    /// <summary>Of those who attempt something, so that windows begin and end. The node's own, which Redis' has to agree with, is the machine's.</summary>
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
    /// <param name="own">The node's clock; the machine's when it is null.</param>
    public static RedisNode Start(RedisOptions options, RedisNode? beside = null, int timeout = 5000, TimeProvider? own = null)
    {
        options.CommandTimeoutMs = timeout;
        return new(options, beside, own ?? TimeProvider.System);
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

    /// <summary>A new one in which Redis counts, as it begins with the epoch, and no longer when Redis begins another.</summary>
    public void BeginWindow()
    {
        var first = _beside ?? this;
        first._windowStart = Client.Session!.Epoch.BeginsAt;
        Clock.Advance(TimeSpan.FromMinutes(20));
    }

    public AttemptCounter CounterOf(string value)
    {
        var counter = Five.CounterOf(value, Clock.GetUtcNow());
        return counter with { StartsAt = (_beside ?? this)._windowStart ?? counter.StartsAt };
    }

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
