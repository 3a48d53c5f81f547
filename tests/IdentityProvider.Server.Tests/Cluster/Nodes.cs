using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IdentityProvider.Server.Tests.Cluster;

/// <summary>Servers of one cluster: one PostgreSQL database, one master key, a clock each, set to the time of the database.</summary>
public abstract class Nodes(int count) : IAsyncLifetime
{
    private readonly string _database = "cluster_" + Guid.NewGuid().ToString("N");
    private ServerFixture[] _all = [];

    public IReadOnlyList<ServerFixture> All => _all;

    public ServerFixture this[int number] => _all[number];

    public async Task InitializeAsync()
    {
        if (PostgreSqlServer.FindObstacle() is not null)
        {
            return; // the tests are skipped
        }

        await RunAsync("CREATE DATABASE " + _database);
        var settings = new JsonObject
        {
            ["Keys"] = new JsonObject { ["master_key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) },
            ["Storage"] = new JsonObject
            {
                ["provider"] = "postgresql",
                ["connection_string"] = Lead(new NpgsqlConnectionStringBuilder(PostgreSqlServer.Shared.ConnectionString) { Database = _database }),
            },
        };
        Change(settings);
        _all = [.. Enumerable.Range(0, count).Select(_ => ServerFixture.With(settings.ToJsonString(), new ManualTimeProvider(TimeProvider.System.GetUtcNow())))];
    }

    /// <summary>Sets every clock to the time of the database: they stand still while it goes on.</summary>
    public void SetClocks()
    {
        foreach (var node in _all)
        {
            node.Clock.Jump(TimeProvider.System.GetUtcNow() - node.Clock.GetUtcNow());
        }
    }

    /// <summary>Adds a client and waits until every node knows it.</summary>
    public async Task<Client> RegisterAsync(Client client)
    {
        _all[0].Register(client);
        foreach (var node in _all)
        {
            await node.Services.GetRequiredService<ICatalogStore>().RefreshAsync(CancellationToken.None);
        }

        return client;
    }

    /// <summary>A browser behind a balancer without memory: each request reaches the next node.</summary>
    public Browser NewBrowser() => new(new Balancer(_all), new Uri(ServerFixture.Issuer));

    /// <summary>The nodes' way to the database.</summary>
    protected virtual string Lead(NpgsqlConnectionStringBuilder database) => database.ToString();

    public virtual async Task DisposeAsync()
    {
        foreach (var node in _all)
        {
            node.Dispose();
        }

        if (_all.Length > 0)
        {
            await RunAsync($"DROP DATABASE {_database} WITH (FORCE)");
        }
    }

    /// <summary>What a derived cluster has that others have not.</summary>
    protected virtual void Change(JsonObject settings)
    {
    }

    private static async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(PostgreSqlServer.Shared.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private sealed class Balancer(IReadOnlyList<ServerFixture> nodes) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker[] _ways = [.. nodes.Select(node => new HttpMessageInvoker(node.NewHandler()))];
        private int _next;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            _ways[_next++ % _ways.Length].SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            if (disposing)
            {
                foreach (var way in _ways)
                {
                    way.Dispose();
                }
            }
        }
    }
}

/// <summary>One node: the server on PostgreSQL.</summary>
public sealed class OneNode() : Nodes(1);

/// <summary>Two nodes.</summary>
public sealed class TwoNodes() : Nodes(2);

/// <summary>Three nodes.</summary>
public sealed class ThreeNodes() : Nodes(3);
