using System.Diagnostics;
using IdentityProvider.Redis.Connections;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Redis;

/// <summary>
/// Keeps one connection to Redis, as long as <see cref="RunAsync"/> runs. Nobody waits for it: while there is none, <see cref="Session"/> is null.
/// </summary>
public sealed class RedisClient
{
    /// <summary>How often a connection that works is looked at: whether it still leads to the same server, and that server still keeps what it is given.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly RedisOptions _options;
    private readonly RedisTrust _trust;
    private readonly TimeProvider _clock;
    private readonly ILogger<RedisClient> _logger;
    private readonly RedisAddress[] _addresses;
    private RedisSession? _session;
    private string _reason = "is not connected yet";
    private string? _told;

    public RedisClient(RedisOptions options, TimeProvider clock, ILogger<RedisClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _clock = clock;
        _logger = logger;
        _trust = new RedisTrust(options);
        _addresses = [.. options.Addresses.Select(address => RedisAddress.Parse(address)!)];
    }

    public RedisStatus Status => Session is { } session ? new RedisStatus(true, session.Address.ToString()) : new RedisStatus(false, Volatile.Read(ref _reason));

    /// <summary>Null while Redis cannot be used.</summary>
    internal RedisSession? Session => Volatile.Read(ref _session) is { Connection.IsOpen: true } session ? session : null;

    /// <summary>Connects, and again whenever the connection is lost, until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        var backoff = new Backoff();
        while (!stopping.IsCancellationRequested)
        {
            var held = TimeSpan.Zero;
            try
            {
                await using var session = await OpenAsync(stopping);
                var since = Stopwatch.GetTimestamp();
                Begin(session);
                var outage = await WatchAsync(session, stopping);
                held = Stopwatch.GetElapsedTime(since);
                End($"{session.Address} {outage.Message}", outage);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // One round, whatever ended it: the next may do better.
                End(exception is RedisOutageException ? exception.Message : exception.GetType().Name, exception);
            }

            await Task.Delay(backoff.Next(held), stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The first of the addresses that is of use.</summary>
    private async Task<RedisSession> OpenAsync(CancellationToken stopping)
    {
        var reasons = new List<string>();
        Exception? unexpected = null;
        foreach (var address in _addresses)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            patience.CancelAfter(_options.ConnectTimeout);
            try
            {
                return await RedisSession.OpenAsync(address, _options, _trust, _clock, patience.Token);
            }
            catch (RedisOutageException outage)
            {
                reasons.Add($"{address} {outage.Message}");
            }
            catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
            {
                reasons.Add($"{address} is not ready within {_options.ConnectTimeout.TotalSeconds} s (Redis:connect_timeout)");
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Of this address, whatever it is: the next may be of use.
                reasons.Add($"{address} cannot be used: {exception.GetType().Name}");
                unexpected ??= exception;
            }
        }

        throw new RedisOutageException(string.Join("; ", reasons), unexpected, isUnexpected: unexpected is not null);
    }

    /// <summary>Until the connection is lost: why.</summary>
    private static async Task<RedisOutageException> WatchAsync(RedisSession session, CancellationToken stopping)
    {
        var closed = session.Connection.Closed;
        while (!closed.IsCompleted)
        {
            await Task.WhenAny(closed, Task.Delay(Interval, stopping));
            stopping.ThrowIfCancellationRequested();
            await session.CheckAsync(stopping);
        }

        return await closed;
    }

    private void Begin(RedisSession session)
    {
        Volatile.Write(ref _session, session);
        _told = null;
        Log.Used(_logger, session.Address, session.Epoch.BeginsAt);
    }

    /// <summary>Told once, and again only when the reason is another one.</summary>
    private void End(string reason, Exception cause)
    {
        Volatile.Write(ref _reason, reason);
        Volatile.Write(ref _session, null);
        if (string.Equals(reason, _told, StringComparison.Ordinal))
        {
            return;
        }

        _told = reason;
        if (cause is RedisOutageException { IsUnexpected: false })
        {
            Log.Lost(_logger, reason);
        }
        else
        {
            Log.Broken(_logger, cause);
        }
    }
}
