namespace IdentityProvider.Storage.Tests;

/// <summary>True parallelism: all callers are let go at once.</summary>
internal static class Race
{
    public const int Callers = 16;

    public static async Task<T[]> RunAsync<T>(Func<int, Task<T>> caller, int callers = Callers)
    {
        using var start = new Barrier(callers);
        var tasks = Enumerable.Range(0, callers).Select(number => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return caller(number);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap());
        return await Task.WhenAll(tasks);
    }
}
