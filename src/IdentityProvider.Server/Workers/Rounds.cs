namespace IdentityProvider.Server.Workers;

/// <summary>Background work in rounds: a round that fails is told and the next one comes all the same.</summary>
internal static class Rounds
{
    /// <summary>While every round fails, one line this often is enough.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromSeconds(10);

    /// <summary>Until the server stops.</summary>
    public static async Task RunAsync(
        TimeSpan interval, TimeProvider clock, Func<CancellationToken, Task> round, Action<Exception> failed, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, clock);
        var told = (long?)null;
        while (await IsTimeAsync(timer, stoppingToken))
        {
            try
            {
                await round(stoppingToken);
                told = null;
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                if (told is not { } last || clock.GetElapsedTime(last) >= Reminder)
                {
                    failed(fault);
                    told = clock.GetTimestamp();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static async Task<bool> IsTimeAsync(PeriodicTimer timer, CancellationToken stoppingToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
