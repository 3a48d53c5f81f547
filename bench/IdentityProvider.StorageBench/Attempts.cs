using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.StorageBench;

/// <summary>What a right password costs: two counters, of its address and of its account, counted and taken back.</summary>
internal static class Attempts
{
    private static readonly AttemptLimit Limit = new("bench", 5, TimeSpan.FromMinutes(15));

    public static Task RunAsync(IAttemptStore attempts, Measurement measurement)
    {
        // In a window that is still to come, which Redis will have seen from its beginning.
        var tomorrow = TimeProvider.System.GetUtcNow().AddDays(1);
        return measurement.RunAsync("count two attempts, take them back", async number =>
        {
            var address = await attempts.TryCountAsync(Limit.CounterOf($"address {number % 5000}", tomorrow), default);
            var account = await attempts.TryCountAsync(Limit.CounterOf($"account {number}", tomorrow), default);
            await attempts.TakeBackAsync([address!, account!], default);
        });
    }

    public static async Task RunOnRedisAsync(string address, Measurement measurement)
    {
        await using var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IAttemptStore, NoDatabase>()
            .AddRedis(new RedisOptions { Addresses = [address], CommandTimeoutMs = 5000 })
            .BuildServiceProvider();
        using var stopping = new CancellationTokenSource();
        var redis = services.GetRequiredService<RedisClient>();
        var connection = redis.RunAsync(stopping.Token);
        while (!redis.Status.IsUsed)
        {
            await Task.Delay(10);
        }

        measurement.PrintHeader();
        await RunAsync(services.GetRequiredService<IAttemptStore>(), measurement);
        await stopping.CancelAsync();
        await connection;
    }

    private sealed class NoDatabase : IAttemptStore
    {
        public Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Redis was lost");

        public Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("Redis was lost");
    }
}
