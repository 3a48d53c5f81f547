using IdentityProvider.Server.Workers;

namespace IdentityProvider.Server.Tests.Workers;

public sealed class WorkerTests
{
    [Fact]
    public async Task Who_is_stopped_before_it_began_has_ended_well()
    {
        using var worker = new Work(_ => throw new InvalidOperationException("began"));

        await worker.StartAsync(new CancellationToken(canceled: true));

        await worker.ExecuteTask!;
        await worker.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Who_is_stopped_at_work_ends()
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var worker = new Work(async stopping =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await worker.StartAsync(CancellationToken.None);
        await begun.Task;
        Assert.False(worker.ExecuteTask!.IsCompleted);

        await worker.StopAsync(CancellationToken.None);

        await worker.ExecuteTask!;
    }

    [Fact]
    public async Task A_fault_or_a_cancellation_of_its_own_is_for_the_host_to_see()
    {
        foreach (var fault in new Exception[] { new InvalidOperationException("broken"), new TaskCanceledException("by nobody who stops it") })
        {
            using var worker = new Work(_ => Task.FromException(fault));

            await worker.StartAsync(CancellationToken.None);

            Assert.Same(fault, await Assert.ThrowsAnyAsync<Exception>(() => worker.ExecuteTask!));
        }
    }

    private sealed class Work(Func<CancellationToken, Task> work) : Worker
    {
        protected override Task WorkAsync(CancellationToken stoppingToken) => work(stoppingToken);
    }
}
