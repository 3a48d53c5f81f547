using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Connections;

/// <summary>A connection to a server that can be counted on, and the epoch that it is in.</summary>
internal sealed class RedisSession(
    RedisConnection connection, RedisAddress address, RedisServerState server, RespArgument epochKey, RedisEpoch epoch, TimeProvider clock) : IAsyncDisposable
{
    private const string ClientName = "identity-provider";

    public RedisConnection Connection => connection;

    public RedisAddress Address => address;

    public RedisEpoch Epoch => epoch;

    /// <summary>The key under which the epoch stands.</summary>
    public RespArgument EpochKey => epochKey;

    /// <summary>Signs in, looks at the server, and finds the epoch.</summary>
    /// <exception cref="RedisOutageException">The server cannot be used; the message says why.</exception>
    public static async Task<RedisSession> OpenAsync(
        RedisAddress address, RedisOptions options, RedisTrust trust, TimeProvider clock, CancellationToken cancellationToken)
    {
        var stream = await RedisDialer.DialAsync(address, options, trust, cancellationToken);
        var connection = new RedisConnection(stream, TimeSpan.FromMilliseconds(options.CommandTimeoutMs));
        try
        {
            await GreetAsync(connection, options, cancellationToken);
            var server = await InspectAsync(connection, cancellationToken);
            server.Check();
            var epochKey = options.KeyPrefix + "epoch";
            var epoch = await RedisEpoch.BeginAsync(connection, epochKey, server, clock, cancellationToken);
            return new RedisSession(connection, address, server, epochKey, epoch, clock);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Looks whether it is still the server that it was, and still has what it was given; closes the connection when not.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            var found = await InspectAsync(connection, cancellationToken);
            found.Check();
            if (server.FindBreak(found) is { } reason)
            {
                throw new RedisOutageException(reason);
            }

            if (!string.Equals((await CallAsync(connection, cancellationToken, "GET", epochKey)).AsText(), epoch.Name, StringComparison.Ordinal))
            {
                throw Forgetful();
            }

            if (epoch.IsTooFarAhead(clock.GetUtcNow()))
            {
                throw new RedisOutageException("began to count by a clock that was set back since; it begins anew");
            }
        }
        catch (RedisOutageException outage)
        {
            connection.Close(outage);
        }
    }

    public static RedisOutageException Forgetful() => new("has lost what it counted (restarted, flushed or replaced)");

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static async Task GreetAsync(RedisConnection connection, RedisOptions options, CancellationToken cancellationToken)
    {
        if (options.Password is { } password)
        {
            RespArgument[] command = options.UserName is { } user ? ["AUTH", user, password] : ["AUTH", password];
            var reply = await connection.SendAsync(RespCommand.Of(command), cancellationToken);
            if (reply.Kind == RespKind.Error)
            {
                throw RedisRefusal.OfAuthentication(reply);
            }
        }

        if (options.Database != 0)
        {
            await CallAsync(connection, cancellationToken, "SELECT", options.Database);
        }

        // So that CLIENT LIST names us; a server that does not want to know is no worse for it.
        await connection.SendAsync(RespCommand.Of("CLIENT", "SETNAME", ClientName), cancellationToken);
    }

    private static async Task<RedisServerState> InspectAsync(RedisConnection connection, CancellationToken cancellationToken) =>
        RedisServerState.Parse((await CallAsync(connection, cancellationToken, "INFO")).AsText());

    private static async Task<RespValue> CallAsync(RedisConnection connection, CancellationToken cancellationToken, params RespArgument[] command)
    {
        var reply = await connection.SendAsync(RespCommand.Of(command), cancellationToken);
        return reply.Kind == RespKind.Error ? throw RedisRefusal.Of(reply) : reply;
    }
}
