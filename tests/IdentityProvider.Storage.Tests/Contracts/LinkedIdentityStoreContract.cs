using IdentityProvider.Accounts.Upstream;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class LinkedIdentityStoreContract(TestDatabase database)
{
    private ILinkedIdentityStore Links => database.Main.Get<ILinkedIdentityStore>();

    [ContractFact]
    public async Task An_identity_is_found_listed_and_unlinked()
    {
        var account = await database.AddAccountAsync();
        var (first, second) = (NewIdentity("a"), NewIdentity("b"));

        Assert.True(await Links.TryAddAsync(account, string.Empty, second, Samples.Record(database), default));
        Assert.True(await Links.TryAddAsync(account, string.Empty, first, Samples.Record(database), default));

        Assert.Equal([first, second], await Links.ListAsync(account, default));
        Assert.Equal(account, await Links.FindAccountAsync(first.ProviderId, first.Key, default));
        Assert.Null(await Links.FindAccountAsync(second.ProviderId, first.Key, default));
        Assert.True(await Links.TryRemoveAsync(account, first.ProviderId, first.Key, usable: null, Samples.Record(database), default));
        Assert.Equal([second], await Links.ListAsync(account, default));
    }

    [ContractFact]
    public async Task Of_many_that_link_one_identity_one_gets_it()
    {
        var accounts = new List<string>();
        for (var i = 0; i < Race.Callers; i++)
        {
            accounts.Add(await database.AddAccountAsync());
        }

        var identity = NewIdentity("race");

        var won = await Race.RunAsync(number => Links.TryAddAsync(accounts[number], string.Empty, identity, Samples.Record(database), default));

        Assert.Equal(accounts[Array.IndexOf(won, true)], await Links.FindAccountAsync("race", identity.Key, default));
        Assert.Single(won, true);
    }

    [ContractFact]
    public async Task The_last_usable_identity_stays_however_many_unlink_at_once()
    {
        for (var round = 0; round < 5; round++)
        {
            var account = await database.AddAccountAsync();
            var identities = Enumerable.Range(0, 8).Select(_ => NewIdentity("last")).ToList();
            foreach (var identity in identities)
            {
                await Links.TryAddAsync(account, string.Empty, identity, Samples.Record(database), default);
            }

            await Links.TryAddAsync(account, string.Empty, NewIdentity("gone"), Samples.Record(database), default);

            var removed = await Race.RunAsync(
                number => Links.TryRemoveAsync(account, "last", identities[number].Key, ["last", "another"], Samples.Record(database), default), identities.Count);

            Assert.Equal(identities.Count - 1, removed.Count(done => done));
            Assert.Equal(["gone", "last"], (await Links.ListAsync(account, default)).Select(identity => identity.ProviderId));
        }
    }

    [ContractFact]
    public async Task Nobody_unlinks_for_somebody_else()
    {
        var account = await database.AddAccountAsync();
        var identity = NewIdentity("owner");
        await Links.TryAddAsync(account, string.Empty, identity, Samples.Record(database), default);

        Assert.False(await Links.TryRemoveAsync(await database.AddAccountAsync(), "owner", identity.Key, usable: null, Samples.Record(database), default));
    }

    private static LinkedIdentity NewIdentity(string provider) => new(provider, Guid.NewGuid().ToString("N"), "label");
}

public sealed class SqliteLinkedIdentityStoreTests(SqliteTestDatabase database)
    : LinkedIdentityStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlLinkedIdentityStoreTests(PostgreSqlTestDatabase database)
    : LinkedIdentityStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
