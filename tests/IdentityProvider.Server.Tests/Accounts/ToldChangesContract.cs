using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Activity;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Mail;
using IdentityProvider.Server.Tests.Cluster;
using IdentityProvider.Server.Tests.SignIn;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Accounts;

/// <summary>
/// Whatever a person is told of afterwards is made, written down and told in one transaction. The faults here are the database's: where one leaves
/// nothing behind, a crash at that place leaves nothing either.
/// </summary>
public abstract class ToldChangesContract
{
    /// <summary>All that a change can touch.</summary>
    private static readonly string[] Tables =
    [
        "accounts", "account_tokens", "account_logins", "account_passkeys", "totp_authenticators", "recovery_codes", "devices", "sessions",
        "outbox", "audit_events",
    ];

    protected abstract ServerFixture Server { get; }

    private IDbContextFactory<IdentityProviderDbContext> Contexts =>
        Server.Services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>();

    /// <summary>All kinds have a change among <see cref="ToldChange.All"/>, and every change leaves its mails and one event, and ends the sessions it has to end.</summary>
    protected async Task AssertAllAreToldAsync()
    {
        await Server.PauseDeliveriesAsync();
        Assert.Equal(Enum.GetValues<AccountMailKind>().Where(kind => kind.IsNotice()), ToldChange.All.Select(change => change.Kind).Distinct().Order());
        foreach (var change in ToldChange.All)
        {
            var id = await AddPersonAsync();
            var make = await AsAsync(id, change.PrepareAsync);
            var (events, mails) = (await ListEventsAsync(id), await ListMailsAsync());

            await AsAsync(id, make);

            Assert.Equal(events.Append(change.Event).Order(StringComparer.Ordinal), await ListEventsAsync(id));
            var told = (await ListMailsAsync()).ExceptBy(mails.Keys, mail => mail.Key).Select(mail => mail.Value.Kind);
            Assert.Equal(Enumerable.Repeat(change.Kind, change.Kind == AccountMailKind.EmailChanged ? 2 : 1), told);
            var sessions = await Server.Services.GetRequiredService<ISessionStore>().ListAsync(id, Server.Clock.GetUtcNow(), default);
            Assert.Equal(change.EndsSessions ? 0 : 1, sessions.Count);
        }
    }

    /// <summary>With a table that takes nothing, no change is made.</summary>
    protected async Task AssertAllOrNothingAsync(string table)
    {
        await Server.PauseDeliveriesAsync();
        var problems = new List<string>();
        foreach (var change in ToldChange.All)
        {
            var id = await AddPersonAsync();
            var make = await AsAsync(id, change.PrepareAsync);
            var before = await DumpAsync();
            await RefuseInsertsAsync(table);
            await Assert.ThrowsAnyAsync<DbException>(() => AsAsync(id, make));
            await TakeInsertsAsync(table);
            if (!string.Equals(before, await DumpAsync(), StringComparison.Ordinal))
            {
                problems.Add(change.ToString());
            }
        }

        Assert.Empty(problems);
    }

    /// <summary>Somebody with an address, who is signed in.</summary>
    private async Task<string> AddPersonAsync()
    {
        var name = await Server.AddPersonAsync(account => account.Email = account.UserName + "@example.com");
        using var scope = Server.Services.CreateScope();
        var account = (await scope.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(name))!;
        var now = Server.Clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            HandleHash = RandomNumberGenerator.GetBytes(32),
            Subject = account.Id,
            AuthTime = now,
            CreatedAt = now,
            LastSeenAt = now,
            IdleExpiresAt = now.AddHours(1),
            AbsoluteExpiresAt = now.AddHours(1),
        };
        Assert.True(await Server.Services.GetRequiredService<ISessionStore>().TryBeginAsync(session, account.SecurityStamp ?? string.Empty, default));
        return account.Id;
    }

    private async Task<T> AsAsync<T>(string id, Func<Actor, Task<T>> work)
    {
        await using var scope = Server.Services.CreateAsyncScope();
        return await work(new Actor(scope.ServiceProvider, id));
    }

    private Task AsAsync(string id, Func<Actor, Task> work) => AsAsync(id, async actor =>
    {
        await work(actor);
        return true;
    });

    private async Task<IEnumerable<string>> ListEventsAsync(string id) =>
        (await Server.Services.GetRequiredService<IAccountActivity>().ListEventsAsync(id, before: null, count: 100, default))
        .Select(entry => entry.Event.Type).Order(StringComparer.Ordinal);

    private async Task<Dictionary<Guid, MailOrder>> ListMailsAsync() =>
        (await Server.Services.GetRequiredService<IOutboxStore>().ListAsync(OutboxState.Pending, 1000, default))
        .ToDictionary(message => message.Id, message => Server.Services.GetRequiredService<AccountMail>().Open(message)!);

    /// <summary>All rows but when somebody last proved their password, which they may do for nothing.</summary>
    private async Task<string> DumpAsync()
    {
        await using var context = await Contexts.CreateDbContextAsync();
        await context.Database.OpenConnectionAsync();
        var dump = new StringBuilder();
        foreach (var table in Tables)
        {
            await using var command = context.Database.GetDbConnection().CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            var rows = new List<string>();
            while (await reader.ReadAsync())
            {
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount)
                    .Where(column => reader.GetName(column) is not "last_sign_in_at")
                    .Select(column => reader.GetValue(column) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetValue(column).ToString())));
            }

            dump.AppendLine(table).AppendJoin('\n', rows.Order(StringComparer.Ordinal)).AppendLine();
        }

        return dump.ToString();
    }

    private Task RefuseInsertsAsync(string table) => RunAsync(
        $"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused by the test'); END",
        $"""
         CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused by the test'; END $$;
         CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()
         """);

    private Task TakeInsertsAsync(string table) => RunAsync("DROP TRIGGER refuse", $"DROP TRIGGER refuse ON {table}; DROP FUNCTION refuse()");

    private async Task RunAsync(string sqlite, string postgreSql)
    {
        await using var context = await Contexts.CreateDbContextAsync();
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = context.Database.IsSqlite() ? sqlite : postgreSql;
        await command.ExecuteNonQueryAsync();
    }
}

public sealed class SqliteToldChangesTests(ServerFixture server) : ToldChangesContract, IClassFixture<ServerFixture>
{
    protected override ServerFixture Server => server;

    [Fact]
    public Task Every_change_is_written_down_and_told() => AssertAllAreToldAsync();

    [Fact]
    public Task A_change_that_cannot_be_told_is_not_made() => AssertAllOrNothingAsync("outbox");

    [Fact]
    [Case(400)]
    public Task A_change_that_cannot_be_written_down_is_not_made() => AssertAllOrNothingAsync("audit_events");
}

public sealed class PostgreSqlToldChangesTests(OneNode nodes) : ToldChangesContract, IClassFixture<OneNode>
{
    protected override ServerFixture Server => nodes[0];

    [PostgreSqlFact]
    public Task Every_change_is_written_down_and_told() => AssertAllAreToldAsync();

    [PostgreSqlFact]
    public Task A_change_that_cannot_be_told_is_not_made() => AssertAllOrNothingAsync("outbox");

    [PostgreSqlFact]
    [Case(400)]
    public Task A_change_that_cannot_be_written_down_is_not_made() => AssertAllOrNothingAsync("audit_events");
}
