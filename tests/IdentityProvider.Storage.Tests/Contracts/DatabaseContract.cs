using System.Text;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Statements;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Storage.Tests.Contracts;

/// <summary>What holds for the database as a whole: migrations, Identity, statement budgets, order of keys, secrets at rest.</summary>
public abstract class DatabaseContract(TestDatabase database)
{
    private static readonly Statement AddRow = new(
        "INSERT INTO audit_events (id, type, at) VALUES ($1, $2, $3)", SqlType.Guid, SqlType.Text, SqlType.Time);

    private DateTimeOffset Now => database.Clock.Now;

    private IDatabase Statements => database.Main.Get<IDatabase>();

    [ContractFact]
    public async Task Migrating_again_changes_nothing()
    {
        Assert.Empty(await database.Main.Get<DatabaseMigrator>().GetPendingAsync(default));
        Assert.Empty(await database.Main.Get<DatabaseMigrator>().MigrateAsync(default));
    }

    [ContractFact]
    public async Task An_account_is_managed_by_identity()
    {
        using var scope = database.CreateIdentityScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        var account = Account.Create("ada-" + Guid.NewGuid().ToString("N"), email: null, Now);
        Assert.True((await users.CreateAsync(account)).Succeeded);

        Assert.True((await users.SetLockoutEndDateAsync(account, Now.AddMinutes(5))).Succeeded);

        using var later = database.CreateIdentityScope();
        var read = await later.ServiceProvider.GetRequiredService<UserManager<Account>>().FindByNameAsync(account.UserName!);
        Assert.Equal((account.Id, Now.AddMinutes(5)), (read!.Id, read.LockoutEnd!.Value));
    }

    [ContractFact]
    public async Task One_address_belongs_to_one_account()
    {
        static void Share(Account account) => (account.Email, account.NormalizedEmail) = ("eve@example.org", "EVE@EXAMPLE.ORG");
        await database.AddAccountAsync(Share);

        await Assert.ThrowsAsync<DbUpdateException>(() => database.AddAccountAsync(Share));
    }

    [ContractFact]
    public async Task People_are_saved_while_machines_hammer()
    {
        var session = await database.AddSessionAsync();
        var offline = await database.OpenGrantAsync(session, "openid offline_access");

        await Race.RunAsync(async number =>
        {
            for (var i = 0; i < 15; i++)
            {
                if (number % 4 == 0)
                {
                    await database.AddAccountAsync();
                }
                else
                {
                    await database.Main.Get<IGrantStore>().TryRotateAsync(offline.Id, i, Now, Now.AddHours(1), default);
                    Assert.NotNull(await database.Main.Get<ISubjectDirectory>().FindAsync(session.Subject, default));
                }
            }

            return true;
        });

        Assert.Equal(15, (await database.ReadAsync(offline)).Counter);
    }

    [ContractFact]
    public async Task Keys_stand_in_the_order_of_time()
    {
        var ids = new List<Guid>();
        for (var i = 0; i < 300; i++)
        {
            ids.Add(Guid.CreateVersion7(Now.AddMilliseconds(i * 37)));
        }

        foreach (var id in ids.OrderBy(_ => Guid.NewGuid()))
        {
            await Statements.WriteAsync(AddRow.With(id, "order", Now), default);
        }

        var read = await Statements.ListAsync(
            new Statement("SELECT id FROM audit_events WHERE type = 'order' ORDER BY id").With(), row => row.Guid(0), default);
        Assert.Equal(ids, read);

        await using var context = await database.Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        var asEntities = await context.Set<Rows.AuditEventRow>().Where(row => row.Type == "order").OrderBy(row => row.Id).Select(row => row.Id).ToListAsync();
        Assert.Equal(ids, asEntities);
    }

    [ContractFact]
    public async Task Times_are_the_same_for_entities_and_statements()
    {
        var odd = new DateTimeOffset(2026, 7, 1, 12, 30, 15, 123, TimeSpan.FromHours(5.5));
        await Statements.WriteAsync(AddRow.With(Guid.CreateVersion7(odd), "time", odd), default);

        await using var context = await database.Main.Get<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        var row = await context.Set<Rows.AuditEventRow>().SingleAsync(row => row.Type == "time" && row.At == odd && row.At > odd.AddTicks(-10));

        Assert.Equal(odd.ToUniversalTime(), row.At);
        Assert.Equal(TimeSpan.Zero, row.At.Offset);
    }

    [ContractFact]
    public async Task Hot_verbs_keep_their_budget()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.GrantAsync(session);
        var grants = database.Main.Get<IGrantStore>();

        await ExpectAsync((0, 1), () => grants.TryOpenAsync(grant, consented: null, default));
        await database.Main.Get<IConsentStore>().AllowAsync(session.Subject, grant.ClientId, grant.Scope, Now, default);
        var consented = await database.GrantAsync(session);
        await ExpectAsync((0, 1), () => grants.TryOpenAsync(consented, consented.Scope, default));
        await ExpectAsync((1, 1), () => grants.TryOpenAsync(grant, consented: null, default));
        await ExpectAsync((1, 0), () => grants.FindAsync(grant.Id, default));
        await ExpectAsync((0, 1), () => grants.TryRotateAsync(grant.Id, 0, Now, Now.AddHours(1), default));
        await ExpectAsync((1, 0), () => database.Main.Get<ISessionStore>().FindAsync(session.Id, default));
        await ExpectAsync((1, 0), () => database.Main.Get<IConsentStore>().FindAsync(session.Subject, "shop", default));
        await ExpectAsync((0, 2), () => database.Main.Get<IConsentStore>().AllowAsync(session.Subject, "shop", grant.Scope, Now, default)); // and history
        await ExpectAsync((1, 0), () => database.Main.Get<ISubjectDirectory>().FindForTokenAsync(grant.Id, grant.Status, default));
        await ExpectAsync((1, 0), () => database.Main.Get<IStatusListStore>().IsRevokedAsync(grant.Status, default));
        await ExpectAsync((0, 1), () => database.Main.Get<IUsedJtiStore>().TryUseAsync("budget", grant.Id.ToString(), Now, default));
        await ExpectAsync((0, 2), () => grants.RevokeAsync(grant.Id, Now, default)); // grant, history
        await ExpectAsync((0, 3), () => database.Main.Get<ISessionStore>().EndAsync(session.Id, Now, default)); // session, grants, notices
    }

    [ContractFact]
    public async Task What_entity_framework_sends_is_counted()
    {
        using var count = StorageDiagnostics.Count();

        var id = await database.AddAccountAsync();
        await database.ReadAccountAsync(id);

        Assert.Equal((1, 1), (count.Reads, count.Writes));
    }

    [ContractFact]
    public async Task A_wait_can_be_cancelled_and_nothing_hangs()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            database.Main.Get<IUsedJtiStore>().TryUseAsync("cancelled", "1", Now, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            database.Main.Get<IGrantStore>().FindAsync(Guid.Empty, cancelled.Token));
        Assert.True(await database.Main.Get<IUsedJtiStore>().TryUseAsync("cancelled", "2", Now, default));
    }

    [ContractFact]
    [Case(119)]
    public async Task No_identifier_of_an_assertion_stands_in_clear()
    {
        const string Marker = "marker-of-an-assertion-7f3a";
        await database.Main.Get<IUsedJtiStore>().TryUseAsync("shop", Marker, Now.AddHours(1), default);

        var dump = Encoding.Latin1.GetString(await database.DumpAsync());

        Assert.DoesNotContain(Marker, dump, StringComparison.Ordinal);
        Assert.Contains("catalog_version", dump, StringComparison.Ordinal); // the dump is one
    }

    private static async Task ExpectAsync((int Reads, int Writes) budget, Func<Task> verb)
    {
        using var count = StorageDiagnostics.Count();
        await verb();
        Assert.Equal(budget, (count.Reads, count.Writes));
    }
}

public sealed class SqliteDatabaseTests(SqliteTestDatabase database)
    : DatabaseContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlDatabaseTests(PostgreSqlTestDatabase database)
    : DatabaseContract(database), IClassFixture<PostgreSqlTestDatabase>
{
    [ContractFact]
    public async Task Nodes_that_start_at_once_on_an_empty_database_migrate_it_once()
    {
        var empty = new PostgreSqlTestDatabase();
        await empty.PrepareAsync();
        try
        {
            var nodes = Enumerable.Range(0, 4).Select(_ => empty.Start()).ToArray();

            var applied = await Race.RunAsync(number => nodes[number].Get<DatabaseMigrator>().MigrateAsync(default), nodes.Length);

            Assert.Single(applied, migrations => migrations.Count > 0);
        }
        finally
        {
            await empty.DisposeAsync();
        }
    }
}
