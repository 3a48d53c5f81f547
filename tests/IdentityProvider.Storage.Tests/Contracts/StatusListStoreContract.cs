using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Statements;
using IdentityProvider.Storage.Stores;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class StatusListStoreContract(TestDatabase database)
{
    private IStatusListStore Lists => database.Main.Get<IStatusListStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task No_index_is_given_twice_on_any_node()
    {
        var given = await Race.RunAsync(async number =>
        {
            var store = (number % 2 == 0 ? database.Main : database.Other).Get<IStatusListStore>();
            var mine = new List<StatusReference>();
            for (var i = 0; i < 50; i++)
            {
                mine.Add(await store.AllocateAsync(default));
            }

            return mine;
        });

        var all = given.SelectMany(mine => mine).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.All(all, status => Assert.InRange(status.Index, 0, IStatusListStore.ListLength - 1));
        Assert.DoesNotContain(all, status => status.List == 0);
    }

    [ContractFact]
    public async Task Neighbours_in_time_are_not_neighbours_in_the_list()
    {
        var store = database.Start().Get<IStatusListStore>();
        var indexes = new List<int>();
        for (var i = 0; i < database.Options.StatusBlockSize; i++)
        {
            indexes.Add((await store.AllocateAsync(default)).Index);
        }

        Assert.Equal(database.Options.StatusBlockSize, indexes.Max() - indexes.Min() + 1);
        Assert.NotEqual(indexes.Order(), indexes);
    }

    [ContractFact]
    public async Task Allocating_costs_no_statement_while_the_block_lasts()
    {
        var store = database.Start().Get<IStatusListStore>();
        await store.AllocateAsync(default);

        using var count = StorageDiagnostics.Count();
        for (var i = 1; i < database.Options.StatusBlockSize; i++)
        {
            await store.AllocateAsync(default);
        }

        Assert.Equal((0, 0), (count.Reads, count.Writes));
    }

    [ContractFact]
    public async Task A_full_list_is_followed_by_the_next()
    {
        var newest = await NewestAsync();
        await WriteAsync($"UPDATE status_lists SET next_index = {IStatusListStore.ListLength - 10} WHERE id = {newest}");
        var nodes = new[] { database.Start(), database.Start() };

        var given = await Race.RunAsync(async number =>
        {
            var mine = new List<StatusReference>();
            for (var i = 0; i < 20; i++)
            {
                mine.Add(await nodes[number % 2].Get<IStatusListStore>().AllocateAsync(default));
            }

            return mine;
        });

        var all = given.SelectMany(mine => mine).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(10, all.Count(status => status.List == newest));
        Assert.Equal(newest + 1, await NewestAsync());
    }

    [ContractFact]
    public async Task An_old_block_is_not_used_any_more()
    {
        var store = database.Start().Get<IStatusListStore>();
        await store.AllocateAsync(default);
        database.Clock.Advance(StatusListStore.BlockLifetime);

        using var count = StorageDiagnostics.Count();
        await store.AllocateAsync(default);

        Assert.Equal(1, count.Writes);
    }

    [ContractFact]
    public async Task The_version_grows_with_each_bit_and_with_nothing_else()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.OpenGrantAsync(session);
        var before = await Lists.FindVersionAsync(grant.Status.List, default);

        var other = await database.OpenGrantAsync(session);
        Assert.Equal(before, await Lists.FindVersionAsync(grant.Status.List, default));

        await database.Main.Get<IGrantStore>().RevokeAsync(grant.Id, Now, default);
        await database.Main.Get<IGrantStore>().RevokeAsync(grant.Id, Now, default);

        Assert.Equal(grant.Status.List, other.Status.List);
        Assert.Equal(before + 1, await Lists.FindVersionAsync(grant.Status.List, default));
        Assert.Contains(grant.Status.Index, await Lists.GetRevokedAsync(grant.Status.List, default));
        Assert.DoesNotContain(other.Status.Index, await Lists.GetRevokedAsync(grant.Status.List, default));
    }

    [ContractFact]
    public async Task The_list_of_the_clients_is_there_and_an_unknown_one_is_not()
    {
        Assert.NotNull(await Lists.FindVersionAsync(0, default));
        Assert.Null(await Lists.FindVersionAsync(4711, default));
        Assert.Empty(await Lists.GetRevokedAsync(4711, default));
    }

    private Task<int> NewestAsync() => database.Main.Get<IDatabase>().FindAsync(
        new Statement("SELECT max(id) FROM status_lists").With(), row => row.Int32(0), default);

    private Task<int> WriteAsync(string sql) => database.Main.Get<IDatabase>().WriteAsync(new Statement(sql).With(), default);
}

public sealed class SqliteStatusListStoreTests(SqliteTestDatabase database)
    : StatusListStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlStatusListStoreTests(PostgreSqlTestDatabase database)
    : StatusListStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
