using System.Data.Common;
using System.Diagnostics;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;
using Npgsql;

namespace IdentityProvider.Storage.Tests;

/// <summary>
/// A primary and a standby that it waits for (<c>synchronous_standby_names</c>), as docs/operations.md tells operators to set them up: what
/// was answered holds on the standby when the primary is lost.
/// </summary>
public sealed class FailoverTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FailoverDatabase _database = new();

    private IGrantStore Grants => _database.Main.Get<IGrantStore>();

    private IUsedJtiStore UsedJtis => _database.Main.Get<IUsedJtiStore>();

    private DateTimeOffset Now => _database.Clock.Now;

    public Task InitializeAsync() => PostgreSqlServer.FindInstallObstacle() is null ? _database.InitializeAsync() : Task.CompletedTask;

    public Task DisposeAsync() => _database.DisposeAsync();

    [FailoverFact]
    [Case(118)]
    public async Task What_was_revoked_rotated_or_used_is_so_on_the_standby_that_takes_over()
    {
        var session = await _database.AddSessionAsync();
        var revoked = new List<Grant>();
        var rotated = new List<Grant>();
        for (var number = 0; number < 20; number++)
        {
            revoked.Add(await _database.OpenGrantAsync(session));
            rotated.Add(await _database.OpenGrantAsync(session));
        }

        var ended = await _database.AddSessionAsync();
        await _database.Main.Get<ISessionStore>().EndAsync(ended.Id, Now, default);
        await Task.WhenAll(
        [
            .. revoked.Select(grant => Grants.RevokeAsync(grant.Id, Now, default)),
            .. rotated.Select(async grant => Assert.True(await Grants.TryRotateAsync(grant.Id, 0, Now, grant.ExpiresAt, default))),
            .. rotated.Select(async grant => Assert.True(await UsedJtis.TryUseAsync("shop", grant.Id.ToString(), Now.AddMinutes(1), default))),
        ]);
        _database.Primary.Crash();
        _database.Standby.Promote();

        await _database.WaitUntilReachedAsync();
        foreach (var grant in revoked)
        {
            Assert.True(await _database.IsRevokedAsync(grant));
            Assert.NotNull((await _database.ReadAsync(grant)).RevokedAt);
            Assert.Equal(GrantOpening.AlreadyUsed, await Grants.TryOpenAsync(grant, consented: null, default)); // its code
        }

        foreach (var grant in rotated)
        {
            Assert.False(await Grants.TryRotateAsync(grant.Id, 0, Now, grant.ExpiresAt, default));
            Assert.Equal(1, (await _database.ReadAsync(grant)).Counter);
            Assert.False(await UsedJtis.TryUseAsync("shop", grant.Id.ToString(), Now.AddMinutes(1), default));
        }

        Assert.NotNull((await _database.Main.Get<ISessionStore>().FindAsync(ended.Id, default))!.Session.EndedAt);
        Assert.True(await Grants.TryRotateAsync(rotated[0].Id, 1, Now, rotated[0].ExpiresAt, default)); // and the new primary takes writes
    }

    /// <summary>Else the test before might have been lucky: a fast standby has most things a moment later anyhow.</summary>
    [FailoverFact]
    [Case(118)]
    public async Task Nothing_is_answered_before_the_standby_has_it()
    {
        var session = await _database.AddSessionAsync();
        var (revoked, rotated, opened) = (
            await _database.OpenGrantAsync(session), await _database.OpenGrantAsync(session), await _database.GrantAsync(session));
        var ended = await _database.AddSessionAsync();
        _database.Standby.Crash();

        Task[] answers =
        [
            Grants.RevokeAsync(revoked.Id, Now, default),
            Grants.TryRotateAsync(rotated.Id, 0, Now, rotated.ExpiresAt, default),
            Grants.TryOpenAsync(opened, consented: null, default),
            UsedJtis.TryUseAsync("shop", "jti", Now.AddMinutes(1), default),
            _database.Main.Get<ISessionStore>().EndAsync(ended.Id, Now, default),
        ];
        await WaitAsync(async () =>
        {
            Assert.All(answers, answer => Assert.False(answer.IsCompleted, $"answered without the standby: {answer.Exception}"));
            return await _database.CountWaitingForStandbyAsync() == answers.Length;
        });

        _database.Standby.Start();

        await Task.WhenAll(answers).WaitAsync(Patience);
    }

    /// <summary>PostgreSQL lets a statement that is cancelled while it waits for the standby succeed, with a warning.</summary>
    [FailoverFact]
    [Case(118)]
    public async Task Whoever_does_not_wait_long_enough_for_the_standby_has_no_answer()
    {
        var session = await _database.AddSessionAsync();
        var (revoked, rotated) = (await _database.OpenGrantAsync(session), await _database.OpenGrantAsync(session));
        _database.Standby.Crash();
        var impatient = new NpgsqlConnectionStringBuilder(_database.Options.ConnectionString) { CommandTimeout = 1 };
        await using var node = new Node(
            new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = impatient.ToString() }, _database.Clock);
        var grants = node.Get<IGrantStore>();

        await Assert.ThrowsAnyAsync<DbException>(() => grants.RevokeAsync(revoked.Id, Now, default));
        await Assert.ThrowsAnyAsync<DbException>(() => grants.TryRotateAsync(rotated.Id, 0, Now, rotated.ExpiresAt, default));
    }

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "not in a minute");
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class FailoverFactAttribute : FactAttribute
    {
        public FailoverFactAttribute() => Skip = PostgreSqlServer.FindInstallObstacle();
    }

    private sealed class FailoverDatabase : TestDatabase
    {
        private PostgreSqlInstance? _primary;
        private PostgreSqlInstance? _standby;

        public PostgreSqlInstance Primary => _primary!;

        public PostgreSqlInstance Standby => _standby!;

        protected override bool HasManyNodes => false;

        protected override async Task<StorageOptions> CreateAsync()
        {
            _primary = PostgreSqlInstance.Create();
            _standby = Primary.CreateStandby();
            await QueryAsync<object>("ALTER SYSTEM SET synchronous_standby_names = '*'");
            await QueryAsync<bool>("SELECT pg_reload_conf()");
            await WaitAsync(async () => await QueryAsync<long>("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") == 1);
            var connection = new NpgsqlConnectionStringBuilder(Primary.ConnectionString)
            {
                Host = $"127.0.0.1:{Primary.Port},127.0.0.1:{Standby.Port}",
                HostRecheckSeconds = 1,
                CommandTimeout = 120, // whoever waits for the standby waits for its start, which a busy machine draws out
            };
            connection.Remove("Port");
            return new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = connection.ToString(), StatusBlockSize = 64 };
        }

        public override Task<byte[]> DumpAsync() => throw new NotSupportedException();

        public Task<long> CountWaitingForStandbyAsync() => QueryAsync<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

        /// <summary>Connections that the crash cut are noticed when they are used.</summary>
        public Task WaitUntilReachedAsync() => WaitAsync(async () =>
        {
            try
            {
                await Main.Get<DatabaseClock>().MeasureAheadAsync(default);
                return true;
            }
            catch (DbException)
            {
                return false;
            }
        });

        protected override Task DropAsync()
        {
            NpgsqlConnection.ClearAllPools();
            _primary?.Dispose();
            _standby?.Dispose();
            return Task.CompletedTask;
        }

        /// <summary>On the primary, by a connection that none of the stores uses.</summary>
        private async Task<T?> QueryAsync<T>(string sql)
        {
            await using var connection = new NpgsqlConnection(Primary.ConnectionString + ";Pooling=false");
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand(sql, connection);
            return (T?)await command.ExecuteScalarAsync();
        }
    }
}
