using System.Diagnostics;
using IdentityProvider.Testing;
using Npgsql;

namespace IdentityProvider.Server.Tests.Cluster;

/// <summary>Every connection to the database is in use for longer than anybody should wait.</summary>
public sealed class SlowDatabaseTests(NodeWithFewConnections nodes) : IClassFixture<NodeWithFewConnections>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private ServerFixture Server => nodes[0];

    [PostgreSqlFact]
    [Case(395)]
    public async Task Who_finds_no_connection_is_refused_and_the_node_stays_with_those_who_have_one()
    {
        var api = await nodes.RegisterAsync(TestClients.Api());
        var tokens = await Server.GetTokensAsync(await nodes.RegisterAsync(TestClients.Confidential()));
        await using var slow = await OpenAsync();
        await using var watch = await OpenAsync(); // within a transaction its own view of the others stands still
        await RunAsync(slow, "BEGIN; LOCK TABLE grants, revoked_statuses IN ACCESS EXCLUSIVE MODE");
        var held = Enumerable.Range(0, NodeWithFewConnections.Count).Select(_ => Server.IntrospectAsync(api, tokens.AccessToken)).ToArray();
        var began = Stopwatch.GetTimestamp();
        while (await RunAsync(watch, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") < held.Length)
        {
            Assert.True(Stopwatch.GetElapsedTime(began) < Patience, "they do not wait");
        }

        Assert.Equal((503, "temporarily_unavailable"), (await Server.IntrospectAsync(api, tokens.AccessToken)).StatusAndError);
        Assert.Equal((200, "Degraded: storage"), await AskAsync("/health/ready"));
        Assert.Equal((200, "Healthy"), await AskAsync("/health/live"));

        await RunAsync(slow, "COMMIT");

        Assert.All(await Task.WhenAll(held).WaitAsync(Patience), answer => Assert.True(answer.Json.GetProperty("active").GetBoolean()));
        Assert.Equal((200, "Healthy"), await AskAsync("/health/ready"));
        Assert.True((await Server.IntrospectAsync(api, tokens.AccessToken)).Json.GetProperty("active").GetBoolean());
    }

    private async Task<(int Status, string Text)> AskAsync(string path)
    {
        var answer = await Server.GetAsync(path);
        return (answer.Status, answer.Body);
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(nodes.Way);
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<long> RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() as long? ?? 0;
    }
}

/// <summary>One node with four connections.</summary>
public sealed class NodeWithFewConnections() : Nodes(1)
{
    public const int Count = 4;

    /// <summary>To the same database, with a connection of one's own.</summary>
    public string Way { get; private set; } = "";

    protected override string Lead(NpgsqlConnectionStringBuilder database)
    {
        Way = $"{database};Pooling=false";
        database.MaxPoolSize = Count;
        return database.ToString();
    }
}
