using System.Data.Common;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class ConsentStoreContract(TestDatabase database)
{
    private IConsentStore Consents => database.Main.Get<IConsentStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task What_was_not_allowed_is_not_found() => Assert.Null(await Consents.FindAsync("nobody", "shop", default));

    [ContractFact]
    public async Task Allowing_more_adds_to_what_was_allowed()
    {
        var subject = await database.AddAccountAsync();

        await Consents.AllowAsync(subject, "shop", ScopeSet.Of("openid", "profile"), Now, default);
        await Consents.AllowAsync(subject, "shop", ScopeSet.Of("profile", "orders:read"), Now.AddHours(1), default);

        var consent = await Consents.FindAsync(subject, "shop", default);
        Assert.Equal(ScopeSet.Of("openid", "profile", "orders:read"), consent!.Scope);
        Assert.Equal((Now, Now.AddHours(1)), (consent.CreatedAt, consent.UpdatedAt));
    }

    [ContractFact]
    public async Task A_consent_without_scopes_is_remembered()
    {
        var subject = await database.AddAccountAsync();

        await Consents.AllowAsync(subject, "shop", ScopeSet.Empty, Now, default);

        Assert.Equal(ScopeSet.Empty, (await Consents.FindAsync(subject, "shop", default))!.Scope);
    }

    [ContractFact]
    public async Task Every_character_a_scope_may_have_comes_back()
    {
        var subject = await database.AddAccountAsync();
        var scope = ScopeSet.Of(Enumerable.Range(0x21, 0x7E - 0x20).Select(c => ((char)c).ToString()).Where(text => ScopeSet.IsScopeToken(text)));

        await Consents.AllowAsync(subject, "shop", scope, Now, default);

        Assert.Equal(scope, (await Consents.FindAsync(subject, "shop", default))!.Scope);
    }

    [ContractFact]
    public async Task Of_sixteen_tabs_that_consent_at_once_none_loses()
    {
        var subject = await database.AddAccountAsync();

        await Race.RunAsync(async number =>
        {
            var store = (number % 2 == 0 ? database.Main : database.Other).Get<IConsentStore>();
            await store.AllowAsync(subject, "shop", ScopeSet.Of("scope-" + number, "openid", "scope-" + (15 - number)), Now, default);
            return true;
        });

        Assert.Equal(Race.Callers + 1, (await Consents.FindAsync(subject, "shop", default))!.Scope.Count);
    }

    [ContractFact]
    public async Task Withdrawing_ends_what_the_client_was_given_and_nothing_else()
    {
        var session = await database.AddSessionAsync();
        var ofShop = await database.OpenGrantAsync(session, "openid offline_access");
        var ofBank = await database.OpenGrantAsync(session, client: "bank");
        await Consents.AllowAsync(session.Subject, "shop", ScopeSet.Of("openid"), Now, default);
        await Consents.AllowAsync(session.Subject, "bank", ScopeSet.Of("openid"), Now, default);

        await Consents.WithdrawAsync(session.Subject, "shop", Now, default);

        Assert.Null(await Consents.FindAsync(session.Subject, "shop", default));
        Assert.NotNull(await Consents.FindAsync(session.Subject, "bank", default));
        Assert.True(await database.IsRevokedAsync(ofShop));
        Assert.Equal(Now, (await database.ReadAsync(ofShop)).RevokedAt);
        Assert.False(await database.IsRevokedAsync(ofBank));
    }

    [ContractFact]
    public async Task The_list_has_one_consent_for_each_client()
    {
        var subject = await database.AddAccountAsync();
        await Consents.AllowAsync(subject, "shop", ScopeSet.Of("openid", "email"), Now, default);
        await Consents.AllowAsync(subject, "bank", ScopeSet.Of("openid"), Now, default);

        var list = await Consents.ListAsync(subject, default);

        Assert.Equal(["bank:1", "shop:2"], list.Select(consent => $"{consent.ClientId}:{consent.Scope.Count}").Order());
    }

    [ContractFact]
    public async Task A_consent_and_its_end_are_written_down_with_them_or_not_made()
    {
        var (subject, type) = (await database.AddAccountAsync(), Guid.NewGuid().ToString("N"));
        var (entry, faulty) = (Samples.EntryAt(Now, type), Samples.EntryAt(Now) with { Type = null! });

        await Assert.ThrowsAnyAsync<DbException>(() => Consents.AllowAsync(subject, "shop", ScopeSet.Of("openid"), faulty, default));
        Assert.Null(await Consents.FindAsync(subject, "shop", default));

        await Consents.AllowAsync(subject, "shop", ScopeSet.Of("openid"), entry, default);
        await Assert.ThrowsAnyAsync<DbException>(() => Consents.WithdrawAsync(subject, "shop", faulty, default));
        Assert.NotNull(await Consents.FindAsync(subject, "shop", default));

        await Consents.WithdrawAsync(subject, "shop", entry, default);
        Assert.Null(await Consents.FindAsync(subject, "shop", default));
        Assert.Equal(2, await database.CountAsync("audit_events", $"type = '{type}'"));
    }
}

public sealed class SqliteConsentStoreTests(SqliteTestDatabase database)
    : ConsentStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlConsentStoreTests(PostgreSqlTestDatabase database)
    : ConsentStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
