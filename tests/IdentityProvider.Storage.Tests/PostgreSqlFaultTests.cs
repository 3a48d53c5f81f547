using System.Data.Common;
using System.Diagnostics;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Statements;
using Npgsql;

namespace IdentityProvider.Storage.Tests;

/// <summary>What PostgreSQL refuses, undoes or answers late: tried again where it was undone, told as an outage where it was not, never guessed.</summary>
public sealed class PostgreSqlFaultTests(PostgreSqlTestDatabase database) : IClassFixture<PostgreSqlTestDatabase>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Statement Add = new(
        "INSERT INTO settings (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = settings.value + $2", SqlType.Text, SqlType.Int64);

    private IDatabase Statements => database.Main.Get<IDatabase>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    [Case(394)]
    public async Task Victim_of_a_deadlock_is_tried_again_and_done_once()
    {
        await Statements.WriteAllAsync([Add.With("deadlock-a", 0L), Add.With("deadlock-b", 0L)], default);
        await using var other = await OpenAsync();
        await RunAsync(other, "BEGIN; SET LOCAL deadlock_timeout = '1h'; UPDATE settings SET value = value WHERE name = 'deadlock-b'");

        var ours = Statements.WriteAllAsync([Add.With("deadlock-a", 1L), Add.With("deadlock-b", 1L)], default); // has a, waits for b
        await WaitForLocksAsync(1);
        await RunAsync(other, "UPDATE settings SET value = value WHERE name = 'deadlock-a'; COMMIT"); // waits for a, until PostgreSQL ends ours

        await ours.WaitAsync(Patience);
        Assert.Equal(2, await database.CountAsync("settings", "name IN ('deadlock-a', 'deadlock-b') AND value = 1"));
        await WaitAsync("pg_stat_database", "datname = current_database() AND deadlocks > 0", 1); // there was one
    }

    /// <summary>Every write of the table is undone, as under a storm of conflicts; a sequence counts the attempts, for it is never undone.</summary>
    [ContractFact]
    [Case(394)]
    public async Task What_is_undone_again_and_again_is_an_outage_after_three_more_attempts()
    {
        await Statements.WriteAsync(
            new Statement(
                """
                CREATE SEQUENCE attempts_seen;
                CREATE FUNCTION undo() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM nextval('attempts_seen'); RAISE EXCEPTION 'undone' USING ERRCODE = 'serialization_failure'; END $$;
                CREATE TRIGGER undo BEFORE INSERT ON used_jti FOR EACH ROW EXECUTE FUNCTION undo()
                """).With(),
            default);
        try
        {
            var failure = await Assert.ThrowsAnyAsync<DbException>(() => database.Main.Get<IUsedJtiStore>().TryUseAsync("storm", "1", Now.AddMinutes(1), default));

            Assert.True(failure.IsTransient);
            Assert.Equal(4, await Statements.FindAsync(new Statement("SELECT last_value FROM attempts_seen").With(), row => row.Int64(0), default));
        }
        finally
        {
            await Statements.WriteAsync(new Statement("DROP TRIGGER undo ON used_jti; DROP FUNCTION undo; DROP SEQUENCE attempts_seen").With(), default);
        }

        Assert.True(await database.Main.Get<IUsedJtiStore>().TryUseAsync("storm", "1", Now.AddMinutes(1), default)); // none of them left a trace
    }

    [ContractFact]
    [Case(394)]
    public async Task One_of_sixteen_wins_under_every_isolation_level()
    {
        foreach (var level in (string[])["read committed", "repeatable read", "serializable"])
        {
            await RaceAsync(level);
        }
    }

    [ContractFact]
    [Case(395)]
    public async Task Of_a_thousand_callers_of_ten_connections_those_without_one_are_refused_soon_and_all_are_served_once_the_database_is_well()
    {
        var builder = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString) { MaxPoolSize = 10, CommandTimeout = 120 };
        await using var node = new Node(
            new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = builder.ToString() }, database.Clock);
        var grants = node.Get<IGrantStore>();
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());
        var refused = 0;

        await using var slow = await OpenAsync();
        await RunAsync(slow, "BEGIN; LOCK TABLE grants IN ACCESS EXCLUSIVE MODE");
        var answers = AskAsync();
        await WaitForLocksAsync(10);
        await UntilAsync(() => Task.FromResult(refused == 990), "990 are refused, though ten wait as long as it takes");
        await RunAsync(slow, "COMMIT");
        Assert.Equal(10, (await answers.WaitAsync(Patience)).Count(found => found));

        // All at once again; a machine that is busy with other things may need a second look.
        await UntilAsync(async () => Array.TrueForAll(await AskAsync(), found => found), "a thousand are served");

        Task<bool[]> AskAsync() => Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await grants.FindAsync(grant.Id, default) is not null;
            }
            catch (StorageOverloadedException)
            {
                Interlocked.Increment(ref refused);
                return false;
            }
        })));
    }

    private async Task RaceAsync(string level)
    {
        var builder = new NpgsqlConnectionStringBuilder(database.Options.ConnectionString)
        {
            Options = "-c default_transaction_isolation=" + level.Replace(" ", "\\ ", StringComparison.Ordinal),
        };
        await using var node = new Node(
            new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = builder.ToString() }, database.Clock);
        Assert.Equal(level, await node.Get<IDatabase>().FindAsync(new Statement("SHOW transaction_isolation").With(), row => row.Text(0), default));
        var (grants, jtis) = (node.Get<IGrantStore>(), node.Get<IUsedJtiStore>());
        var session = await database.AddSessionAsync();
        for (var round = 0; round < 10; round++)
        {
            var grant = await database.GrantAsync(session);
            AssertOne(await Race.RunAsync(_ => TryAsync(async () => await grants.TryOpenAsync(grant, consented: null, default) == GrantOpening.Opened)));
            AssertOne(await Race.RunAsync(_ => TryAsync(() => grants.TryRotateAsync(grant.Id, 0, Now, Now.AddHours(1), default))));
            AssertOne(await Race.RunAsync(_ => TryAsync(() => jtis.TryUseAsync(level, grant.Id.ToString(), Now.AddMinutes(1), default))));
            Assert.Equal(1, (await database.ReadAsync(grant)).Counter);
        }
    }

    private static void AssertOne(bool?[] answers) => Assert.Equal(1, answers.Count(answer => answer is true));

    /// <summary>Null when it is told as an outage: that is no win either.</summary>
    private static async Task<bool?> TryAsync(Func<Task<bool>> verb)
    {
        try
        {
            return await verb();
        }
        catch (DbException exception) when (exception.IsTransient)
        {
            return null;
        }
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(database.Options.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Until so many statements of this database wait for others.</summary>
    private Task WaitForLocksAsync(int count) =>
        WaitAsync("pg_stat_activity", "datname = current_database() AND wait_event_type = 'Lock'", count);

    private Task WaitAsync(string table, string condition, int count) =>
        UntilAsync(async () => await database.CountAsync(table, condition) >= count, condition);

    private static async Task UntilAsync(Func<Task<bool>> isSo, string what)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "not in a minute: " + what);
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }
}
