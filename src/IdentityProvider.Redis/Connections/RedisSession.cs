using IdentityProvider.Redis.Resp;

namespace IdentityProvider.Redis.Connections;

/// <summary>A connection to a server that can be counted on, and the epoch that it is in.</summary>
internal sealed class RedisSession(RedisConnection connection, RedisAddress address, string continuity, RespArgument epochKey, RedisEpoch epoch)
    : IAsyncDisposable
{
    private const string ClientName = "identity-provider";

    /// <summary>
    /// Goes on with the epoch that stands there, or begins the proposed one when there is none or the server has lost something since. It is always
    /// written, so that a server that takes no writes is known as such at once.
    /// </summary>
    private static readonly RedisScript Begin = new(
        """
        local epoch = redis.call('GET', KEYS[1])
        if not epoch or string.sub(epoch, 1, #ARGV[1]) ~= ARGV[1] then epoch = ARGV[2] end
        redis.call('SET', KEYS[1], epoch)
        return epoch
        """);

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
            RespArgument epochKey = options.KeyPrefix + "epoch";
            var proposed = RedisEpoch.Propose(server, clock.GetUtcNow());
            var name = await Begin.RunAsync(connection, [epochKey], [server.Continuity + ":", proposed.Name], cancellationToken);
            var epoch = RedisEpoch.Parse(name.AsText()) ?? throw new RedisOutageException("has something else under " + options.KeyPrefix + "epoch");
            return new RedisSession(connection, address, server.Continuity, epochKey, epoch);
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
            var server = await InspectAsync(connection, cancellationToken);
            server.Check();
            if (!string.Equals(server.Continuity, continuity, StringComparison.Ordinal))
            {
                throw new RedisOutageException("has deleted keys for want of memory: raise its maxmemory");
            }

            if (!string.Equals((await CallAsync(connection, cancellationToken, "GET", epochKey)).AsText(), epoch.Name, StringComparison.Ordinal))
            {
                throw Forgetful();
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
