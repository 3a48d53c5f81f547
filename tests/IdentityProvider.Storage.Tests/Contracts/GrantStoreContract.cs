using System.Data.Common;
using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class GrantStoreContract(TestDatabase database)
{
    private IGrantStore Grants => database.Main.Get<IGrantStore>();

    private IGrantStore GrantsOfOther => database.Other.Get<IGrantStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task What_was_opened_is_read_back_whole()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.GrantAsync(session) with
        {
            Scope = ScopeSet.Of("openid", "offline_access", "orders:read"),
            Resources = ["https://api.example/orders", "https://api.example/stock"],
            Acr = "urn:idp:passkey",
            Amr = ["hwk", "user"],
            RequestedClaims = """{"id_token":{"auth_time":null}}""",
        };

        Assert.Equal(GrantOpening.Opened, await Grants.TryOpenAsync(grant, consented: null, default));

        Assert.Equal(JsonSerializer.Serialize(grant), JsonSerializer.Serialize(await database.ReadAsync(grant)));
    }

    [ContractFact]
    public async Task A_grant_that_does_not_exist_is_not_found() => Assert.Null(await Grants.FindAsync(Guid.CreateVersion7(), default));

    [ContractFact]
    public async Task Of_sixteen_that_redeem_one_code_one_opens_the_grant()
    {
        var grant = await database.GrantAsync(await database.AddSessionAsync());

        var outcomes = await Race.RunAsync(number => (number % 2 == 0 ? Grants : GrantsOfOther).TryOpenAsync(grant, consented: null, default));

        Assert.Equal(1, outcomes.Count(outcome => outcome == GrantOpening.Opened));
        Assert.Equal(Race.Callers - 1, outcomes.Count(outcome => outcome == GrantOpening.AlreadyUsed));
    }

    [ContractFact]
    public async Task Nothing_is_opened_in_a_session_that_has_ended()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.GrantAsync(session);
        await database.Main.Get<ISessionStore>().EndAsync(session.Id, Now, default);

        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant, consented: null, default));
        Assert.Null(await Grants.FindAsync(grant.Id, default));
    }

    [ContractFact]
    public async Task Nothing_is_opened_in_a_session_that_expired_that_is_unknown_or_of_someone_else()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.GrantAsync(session);

        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant with { CreatedAt = session.IdleExpiresAt }, consented: null, default));
        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant with { SessionId = Guid.CreateVersion7() }, consented: null, default));
        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant with { Subject = await database.AddAccountAsync() }, consented: null, default));
    }

    [ContractFact]
    public async Task Nothing_is_opened_for_a_disabled_account()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.GrantAsync(session);
        Assert.True(await database.Main.Get<IAccountStateStore>().TryDisableAsync(session.Subject, record: null, Now, default));

        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant, consented: null, default));
    }

    [ContractFact]
    [Case(74)]
    public async Task Nothing_is_opened_for_a_client_that_was_disabled_or_removed()
    {
        var session = await database.AddSessionAsync();
        var client = "client-" + Guid.NewGuid().ToString("N");
        var grant = await database.GrantAsync(session, client: client);
        await database.Other.Get<ICatalogStore>().SaveAsync([new Client { ClientId = client, Enabled = false }], [], [], Now, default);

        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant, consented: null, default));
        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant with { ClientId = "nobody" }, consented: null, default));
        Assert.Null(await Grants.FindAsync(grant.Id, default));
    }

    [ContractFact]
    public async Task Disabling_a_client_ends_what_it_was_given_before()
    {
        var client = "client-" + Guid.NewGuid().ToString("N");
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync(), client: client);

        await database.Main.Get<ICatalogStore>().SaveAsync([new Client { ClientId = client, Enabled = false }], [], [], Now, default);

        Assert.True(await database.IsRevokedAsync(grant));
    }

    [ContractFact]
    public async Task Disabling_a_client_while_codes_are_redeemed_leaves_no_live_grant()
    {
        var session = await database.AddSessionAsync();
        for (var round = 0; round < 50; round++)
        {
            var client = "client-" + Guid.NewGuid().ToString("N");
            var grants = new[]
            {
                await database.GrantAsync(session, client: client),
                await database.GrantAsync(session, client: client),
                await database.GrantAsync(session, client: client),
            };

            await Race.RunAsync(
                async number =>
                {
                    if (number == 1)
                    {
                        await database.Other.Get<ICatalogStore>().SaveAsync([new Client { ClientId = client, Enabled = false }], [], [], Now, default);
                    }
                    else
                    {
                        await Grants.TryOpenAsync(grants[number % 3], consented: null, default);
                    }

                    return true;
                },
                callers: 4);

            Assert.Equal(0, await database.CountAsync("grants", $"revoked_at IS NULL AND subject = '{session.Subject}'"));
        }
    }

    /// <summary>A vacuum may take an hour, and whoever waits for it would keep everybody behind it from the table.</summary>
    [ContractFact]
    public async Task Disabling_a_client_waits_for_no_vacuum()
    {
        var client = "client-" + Guid.NewGuid().ToString("N");
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync(), client: client);

        await using (await database.HoldAsVacuumAsync("grants"))
        {
            await database.Main.Get<ICatalogStore>()
                .SaveAsync([new Client { ClientId = client, Enabled = false }], [], [], Now, default).WaitAsync(TimeSpan.FromSeconds(20));
        }

        Assert.True(await database.IsRevokedAsync(grant));
    }

    [ContractFact]
    [Case(74)]
    public async Task Nothing_is_opened_on_a_consent_that_was_withdrawn()
    {
        var session = await database.AddSessionAsync();
        var consents = database.Main.Get<IConsentStore>();
        var grant = await database.GrantAsync(session);
        await consents.AllowAsync(session.Subject, grant.ClientId, ScopeSet.Of("openid", "email"), Now, default);
        await consents.WithdrawAsync(session.Subject, grant.ClientId, Now, default);

        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant, grant.Scope, default));
        Assert.Null(await Grants.FindAsync(grant.Id, default));

        await consents.AllowAsync(session.Subject, grant.ClientId, ScopeSet.Of("openid", "email"), Now, default);
        Assert.Equal(GrantOpening.Opened, await Grants.TryOpenAsync(grant, grant.Scope, default));
        Assert.Equal(GrantOpening.AlreadyUsed, await Grants.TryOpenAsync(grant, grant.Scope, default));
    }

    [ContractFact]
    [Case(74)]
    public async Task Nothing_is_opened_on_a_consent_that_was_given_again_for_less()
    {
        var session = await database.AddSessionAsync();
        var consents = database.Main.Get<IConsentStore>();
        var grant = await database.GrantAsync(session, "openid");
        await consents.AllowAsync(session.Subject, grant.ClientId, ScopeSet.Of("openid", "email"), Now, default);
        await consents.WithdrawAsync(session.Subject, grant.ClientId, Now, default);
        await consents.AllowAsync(session.Subject, grant.ClientId, ScopeSet.Of("openid", "phone"), Now, default);
        await consents.AllowAsync(session.Subject, "another", ScopeSet.Of("email"), Now, default);
        await consents.AllowAsync(await database.AddAccountAsync(), grant.ClientId, ScopeSet.Of("email"), Now, default);

        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant, ScopeSet.Of("openid", "email"), default));
        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant, ScopeSet.Of("email"), default));
        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(grant, ScopeSet.Of("mail"), default));
        Assert.Null(await Grants.FindAsync(grant.Id, default));
        Assert.Equal(GrantOpening.Opened, await Grants.TryOpenAsync(grant, ScopeSet.Of("openid", "phone"), default));
    }

    [ContractFact]
    public async Task Nothing_is_opened_on_a_consent_in_a_session_that_has_ended_or_of_a_disabled_account()
    {
        var (session, other) = (await database.AddSessionAsync(), await database.AddSessionAsync());
        foreach (var begun in new[] { session, other })
        {
            await database.Main.Get<IConsentStore>().AllowAsync(begun.Subject, "shop", ScopeSet.Of("openid"), Now, default);
        }

        var (ended, disabled) = (await database.GrantAsync(session), await database.GrantAsync(other));
        await database.Main.Get<ISessionStore>().EndAsync(session.Id, Now, default);
        await database.Main.Get<IAccountStateStore>().TryDisableAsync(other.Subject, record: null, Now, default);

        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(ended, ended.Scope, default));
        Assert.Equal(GrantOpening.Withdrawn, await Grants.TryOpenAsync(disabled, disabled.Scope, default));
    }

    [ContractFact]
    public async Task Withdrawing_a_consent_while_codes_are_redeemed_leaves_no_live_grant()
    {
        var session = await database.AddSessionAsync();
        for (var round = 0; round < 100; round++)
        {
            await database.Main.Get<IConsentStore>().AllowAsync(session.Subject, "shop", ScopeSet.Of("openid", "email", "phone"), Now, default);
            var grants = new[] { await database.GrantAsync(session), await database.GrantAsync(session), await database.GrantAsync(session) };

            await Race.RunAsync(
                async number =>
                {
                    if (number == 1)
                    {
                        await database.Other.Get<IConsentStore>().WithdrawAsync(session.Subject, "shop", Now, default);
                    }
                    else
                    {
                        await Grants.TryOpenAsync(grants[number % 3], grants[number % 3].Scope, default);
                    }

                    return true;
                },
                callers: 4);

            Assert.Equal(0, await database.CountAsync("grants", $"revoked_at IS NULL AND subject = '{session.Subject}'"));
        }
    }

    [ContractFact]
    public async Task A_code_used_again_after_its_session_ended_is_still_told_as_used()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.OpenGrantAsync(session);
        await database.Main.Get<ISessionStore>().EndAsync(session.Id, Now, default);

        Assert.Equal(GrantOpening.AlreadyUsed, await Grants.TryOpenAsync(grant, consented: null, default));
    }

    [ContractFact]
    public async Task Of_sixteen_that_rotate_one_token_one_wins()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());

        for (var counter = 0; counter < 20; counter++)
        {
            var presented = counter;
            var outcomes = await Race.RunAsync(number =>
                (number % 2 == 0 ? Grants : GrantsOfOther).TryRotateAsync(grant.Id, presented, Now, Now.AddHours(1), default));
            Assert.Equal(1, outcomes.Count(won => won));
        }

        Assert.Equal(20, (await database.ReadAsync(grant)).Counter);
    }

    [ContractFact]
    public async Task Rotation_counts_on_and_slides_the_end()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());

        Assert.True(await Grants.TryRotateAsync(grant.Id, 0, Now.AddMinutes(1), Now.AddHours(2), default));

        var after = await database.ReadAsync(grant);
        Assert.Equal((1L, Now.AddMinutes(1), Now.AddHours(2)), (after.Counter, after.RotatedAt!.Value, after.ExpiresAt));
        Assert.False(await Grants.TryRotateAsync(grant.Id, 0, Now.AddMinutes(2), Now.AddHours(2), default));
    }

    [ContractFact]
    public async Task A_counter_ahead_of_a_restored_row_moves_the_row_forward()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());

        Assert.True(await Grants.TryRotateAsync(grant.Id, 7, Now, Now.AddHours(1), default));

        Assert.Equal(8, (await database.ReadAsync(grant)).Counter);
    }

    [ContractFact]
    public async Task What_expired_was_revoked_or_never_was_does_not_rotate()
    {
        var session = await database.AddSessionAsync();
        var expired = await database.OpenGrantAsync(session);
        var revoked = await database.OpenGrantAsync(session);
        await Grants.RevokeAsync(revoked.Id, Now, default);

        Assert.False(await Grants.TryRotateAsync(expired.Id, 0, expired.ExpiresAt, expired.ExpiresAt.AddHours(1), default));
        Assert.False(await Grants.TryRotateAsync(revoked.Id, 0, Now, Now.AddHours(1), default));
        Assert.False(await Grants.TryRotateAsync(Guid.CreateVersion7(), 0, Now, Now.AddHours(1), default));
    }

    [ContractFact]
    public async Task Revoking_sets_the_bit_and_keeps_the_first_time()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());
        Assert.False(await database.IsRevokedAsync(grant));

        await Grants.RevokeAsync(grant.Id, Now, default);
        await Grants.RevokeAsync(grant.Id, Now.AddMinutes(5), default);

        Assert.True(await database.IsRevokedAsync(grant));
        Assert.Equal(Now, (await database.ReadAsync(grant)).RevokedAt);
    }

    [ContractFact]
    public async Task Revoking_what_does_not_exist_changes_nothing()
    {
        var bits = await database.CountAsync("revoked_statuses");

        await Grants.RevokeAsync(Guid.CreateVersion7(), Now, default);

        Assert.Equal(bits, await database.CountAsync("revoked_statuses"));
    }

    [ContractFact]
    public async Task A_misused_code_is_spent()
    {
        var grant = await database.GrantAsync(await database.AddSessionAsync());

        await Grants.SpendAsync(grant, Entry(), default);

        Assert.Equal(GrantOpening.AlreadyUsed, await Grants.TryOpenAsync(grant, consented: null, default));
        Assert.Equal(Now, (await database.ReadAsync(grant)).RevokedAt);
    }

    [ContractFact]
    public async Task Spending_a_code_that_was_redeemed_revokes_what_it_gave()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());

        await Grants.SpendAsync(grant, Entry(), default);

        Assert.True(await database.IsRevokedAsync(grant));
        Assert.Equal(Now, (await database.ReadAsync(grant)).RevokedAt);
    }

    [ContractFact]
    public async Task An_end_is_written_down_with_it_or_not_made()
    {
        var type = Guid.NewGuid().ToString("N");
        var faulty = Entry() with { Type = null! };
        var session = await database.AddSessionAsync();
        var (revoked, renewed) = (await database.OpenGrantAsync(session), await database.OpenGrantAsync(session));
        var spent = await database.GrantAsync(session);
        var fresh = await database.Main.Get<IStatusListStore>().AllocateAsync(default);

        await Assert.ThrowsAnyAsync<DbException>(() => Grants.RevokeAsync(revoked.Id, faulty, default));
        await Assert.ThrowsAnyAsync<DbException>(() => Grants.SpendAsync(spent, faulty, default));
        await Assert.ThrowsAnyAsync<DbException>(() => Grants.RenewStatusAsync(renewed.Id, renewed.Status, fresh, faulty, default));

        Assert.True((await database.ReadAsync(revoked)).IsLive(Now));
        Assert.Null(await Grants.FindAsync(spent.Id, default));
        Assert.Equal(renewed.Status, (await database.ReadAsync(renewed)).Status);

        await Grants.RevokeAsync(revoked.Id, Entry(type), default);
        await Grants.SpendAsync(spent, Entry(type), default);
        Assert.True(await Grants.RenewStatusAsync(renewed.Id, renewed.Status, fresh, Entry(type), default));
        Assert.False(await Grants.RenewStatusAsync(renewed.Id, renewed.Status, fresh, Entry(type), default));

        Assert.Equal(3, await database.CountAsync("audit_events", $"type = '{type}'"));
        Assert.False((await database.ReadAsync(revoked)).IsLive(Now));
    }

    [ContractFact]
    public async Task A_grant_without_a_status_of_its_own_never_sets_a_bit_of_the_clients()
    {
        var grant = await database.GrantAsync(await database.AddSessionAsync()) with { Status = default };
        await Grants.TryOpenAsync(grant, consented: null, default);

        await Grants.RevokeAsync(grant.Id, Now, default);

        Assert.Equal(0, await database.CountAsync("revoked_statuses", "list = 0"));
    }

    [ContractFact]
    public async Task A_fresh_status_withdraws_the_tokens_and_lets_the_grant_stand()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());
        var fresh = await database.Main.Get<IStatusListStore>().AllocateAsync(default);

        Assert.True(await Grants.RenewStatusAsync(grant.Id, grant.Status, fresh, Entry(), default));

        Assert.True(await database.IsRevokedAsync(grant));
        var after = await database.ReadAsync(grant);
        Assert.Equal((fresh, true), (after.Status, after.IsLive(Now)));
        Assert.False(await database.IsRevokedAsync(after));
    }

    [ContractFact]
    public async Task Of_sixteen_that_renew_a_status_one_wins()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());
        var bits = await database.CountAsync("revoked_statuses");

        var outcomes = await Race.RunAsync(async number =>
        {
            var fresh = await database.Main.Get<IStatusListStore>().AllocateAsync(default);
            return await (number % 2 == 0 ? Grants : GrantsOfOther).RenewStatusAsync(grant.Id, grant.Status, fresh, Entry(), default);
        });

        Assert.Equal(1, outcomes.Count(won => won));
        Assert.Equal(bits + 1, await database.CountAsync("revoked_statuses"));
    }

    [ContractFact]
    public async Task A_revoked_grant_gets_no_fresh_status()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());
        await Grants.RevokeAsync(grant.Id, Now, default);

        Assert.False(await Grants.RenewStatusAsync(grant.Id, grant.Status, new StatusReference(1, 999_999), Entry(), default));
        Assert.Equal(grant.Status, (await database.ReadAsync(grant)).Status);
    }

    [ContractFact]
    public async Task Ending_a_session_while_codes_are_redeemed_leaves_no_live_grant()
    {
        var subject = await database.AddAccountAsync();
        for (var round = 0; round < 200; round++)
        {
            var session = await database.AddSessionAsync(subject);
            var grants = new[] { await database.GrantAsync(session), await database.GrantAsync(session), await database.GrantAsync(session) };

            await Race.RunAsync(
                async number =>
                {
                    if (number == 1)
                    {
                        await database.Other.Get<ISessionStore>().EndAsync(session.Id, Now, default);
                    }
                    else
                    {
                        await Grants.TryOpenAsync(grants[number % 3], consented: null, default);
                    }

                    return true;
                },
                callers: 4);

            Assert.Equal(0, await database.CountAsync("grants", $"revoked_at IS NULL AND subject = '{subject}'"));
            foreach (var grant in grants)
            {
                if (await Grants.FindAsync(grant.Id, default) is not null)
                {
                    Assert.True(await database.IsRevokedAsync(grant), "a grant ended without its bit");
                }
            }
        }
    }

    private AuditEvent Entry(string type = "test") => Samples.EntryAt(Now, type);
}

public sealed class SqliteGrantStoreTests(SqliteTestDatabase database)
    : GrantStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlGrantStoreTests(PostgreSqlTestDatabase database)
    : GrantStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
