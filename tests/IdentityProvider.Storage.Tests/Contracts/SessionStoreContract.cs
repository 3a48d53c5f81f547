using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class SessionStoreContract(TestDatabase database)
{
    private ISessionStore Sessions => database.Main.Get<ISessionStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task What_was_added_is_read_back_whole()
    {
        var session = await database.AddSessionAsync();

        var state = await Sessions.FindAsync(session.Id, default);

        Assert.True(state!.SubjectIsActive);
        Assert.Equal(JsonSerializer.Serialize(session), JsonSerializer.Serialize(state.Session));
    }

    [ContractFact]
    public async Task An_unknown_session_is_not_found() => Assert.Null(await Sessions.FindAsync(Guid.CreateVersion7(), default));

    [ContractFact]
    public async Task A_session_of_an_account_that_is_gone_is_not_active()
    {
        var session = await database.AddSessionAsync();
        Assert.True((await Sessions.FindAsync(session.Id, default))!.SubjectIsActive);
        Assert.True(await database.Main.Get<IAccountStateStore>().TryDeleteAsync(session.Subject, farewell: null, Now, default));

        Assert.False((await Sessions.FindAsync(session.Id, default))!.SubjectIsActive);
    }

    [ContractFact]
    public async Task A_sign_in_of_an_account_that_changed_since_gets_no_session()
    {
        var account = await database.ReadAccountAsync(await database.AddAccountAsync(account => account.SecurityStamp = "before"));
        var recovery = database.Main.Get<IAccountRecoveryStore>();
        var states = database.Main.Get<IAccountStateStore>();

        Assert.True(await Sessions.TryBeginAsync(Samples.Session(database, account.Id), "before", default));
        Assert.True(await recovery.TrySetPasswordAsync(account, "hash", Account.NewStamp(), provesEmail: false, Samples.Record(database), default));
        Assert.False(await Sessions.TryBeginAsync(Samples.Session(database, account.Id), "before", default));

        var after = (await database.ReadAccountAsync(account.Id)).SecurityStamp!;
        Assert.True(await states.TryDisableAsync(account.Id, record: null, Now, default));
        Assert.False(await Sessions.TryBeginAsync(Samples.Session(database, account.Id), after, default));
        Assert.False(await Sessions.TryBeginAsync(Samples.Session(database, "nobody"), string.Empty, default));
        Assert.Empty(await Sessions.ListAsync(account.Id, Now, default));
    }

    [ContractFact]
    public async Task A_password_that_is_reset_while_people_sign_in_leaves_none_of_their_sessions()
    {
        var recovery = database.Other.Get<IAccountRecoveryStore>();
        for (var round = 0; round < 50; round++)
        {
            var account = await database.ReadAccountAsync(await database.AddAccountAsync(account => account.SecurityStamp = "before"));

            await Race.RunAsync(
                number => number == 1
                    ? recovery.TrySetPasswordAsync(account, "hash", Account.NewStamp(), provesEmail: false, Samples.Record(database), default)
                    : Sessions.TryBeginAsync(Samples.Session(database, account.Id), "before", default),
                callers: 4);

            Assert.Empty(await Sessions.ListAsync(account.Id, Now, default));
        }
    }

    [ContractFact]
    public async Task A_new_proof_replaces_handle_time_and_ends()
    {
        var session = await database.AddSessionAsync();
        var again = Samples.Session(database, session.Subject) with
        {
            Id = session.Id,
            CreatedAt = session.CreatedAt,
            AuthTime = Now.AddMinutes(10),
            LastSeenAt = Now.AddMinutes(10),
            IdleExpiresAt = Now.AddHours(3),
            Acr = "urn:idp:passkey",
            Amr = ["hwk"],
            IsPersistent = true,
        };

        Assert.True(await Sessions.TryReauthenticateAsync(again, default));

        var state = await Sessions.FindAsync(session.Id, default);
        Assert.Equal(JsonSerializer.Serialize(again), JsonSerializer.Serialize(state!.Session));
    }

    [ContractFact]
    public async Task An_ended_session_an_expired_one_and_that_of_someone_else_are_not_replaced()
    {
        var ended = await database.AddSessionAsync();
        await Sessions.EndAsync(ended.Id, Now, default);
        var standing = await database.AddSessionAsync();

        Assert.False(await Sessions.TryReauthenticateAsync(ended, default));
        Assert.False(await Sessions.TryReauthenticateAsync(standing with { LastSeenAt = standing.IdleExpiresAt }, default));
        Assert.False(await Sessions.TryReauthenticateAsync(standing with { Subject = ended.Subject }, default));
    }

    [ContractFact]
    public async Task Use_slides_the_idle_end_and_never_back()
    {
        var session = await database.AddSessionAsync();

        await Sessions.TouchAsync(session.Id, Now.AddMinutes(30), Now.AddMinutes(150), default);
        await Sessions.TouchAsync(session.Id, Now.AddMinutes(20), Now.AddMinutes(140), default);

        var after = (await Sessions.FindAsync(session.Id, default))!.Session;
        Assert.Equal((Now.AddMinutes(30), Now.AddMinutes(150)), (after.LastSeenAt, after.IdleExpiresAt));
    }

    [ContractFact]
    public async Task Use_does_not_wake_what_expired()
    {
        var session = await database.AddSessionAsync();

        await Sessions.TouchAsync(session.Id, session.IdleExpiresAt, session.IdleExpiresAt.AddHours(1), default);

        Assert.Equal(session.IdleExpiresAt, (await Sessions.FindAsync(session.Id, default))!.Session.IdleExpiresAt);
    }

    [ContractFact]
    public async Task Ending_ends_the_grants_that_do_not_outlive_the_session()
    {
        var session = await database.AddSessionAsync();
        var online = await database.OpenGrantAsync(session);
        var offline = await database.OpenGrantAsync(session, "openid offline_access");
        var elsewhere = await database.OpenGrantAsync(await database.AddSessionAsync(session.Subject));

        await Sessions.EndAsync(session.Id, Now, default);

        Assert.Equal(Now, (await Sessions.FindAsync(session.Id, default))!.Session.EndedAt);
        Assert.True(await database.IsRevokedAsync(online));
        Assert.False((await database.ReadAsync(online)).IsLive(Now));
        Assert.False(await database.IsRevokedAsync(offline));
        Assert.True((await database.ReadAsync(offline)).IsLive(Now));
        Assert.False(await database.IsRevokedAsync(elsewhere));
    }

    [ContractFact]
    public async Task Ending_all_leaves_nothing_of_the_subject_and_everything_of_others()
    {
        var session = await database.AddSessionAsync();
        var second = await database.AddSessionAsync(session.Subject);
        var offline = await database.OpenGrantAsync(session, "openid offline_access");
        var stranger = await database.OpenGrantAsync(await database.AddSessionAsync());

        await Sessions.EndAllAsync(session.Subject, Now, default);

        Assert.Empty(await Sessions.ListAsync(session.Subject, Now, default));
        Assert.False((await Sessions.FindAsync(second.Id, default))!.Session.IsLive(Now));
        Assert.True(await database.IsRevokedAsync(offline));
        Assert.False(await database.IsRevokedAsync(stranger));
        Assert.True((await database.ReadAsync(stranger)).IsLive(Now));
    }

    [ContractFact]
    public async Task The_list_has_live_sessions_newest_first()
    {
        var first = await database.AddSessionAsync();
        var ended = await database.AddSessionAsync(first.Subject);
        await Sessions.EndAsync(ended.Id, Now, default);
        var last = Samples.Session(database, first.Subject) with { CreatedAt = Now.AddMinutes(1) };
        await database.AddAsync(last);

        var ids = (await Sessions.ListAsync(first.Subject, Now, default)).Select(session => session.Id);

        Assert.Equal([last.Id, first.Id], ids);
        Assert.Empty(await Sessions.ListAsync(first.Subject, first.IdleExpiresAt, default));
    }

    [ContractFact]
    public async Task Disabling_an_account_ends_its_sessions_and_grants_at_once()
    {
        var accounts = database.Main.Get<IAccountStateStore>();
        var session = await database.AddSessionAsync();
        var offline = await database.OpenGrantAsync(session, "openid offline_access");

        Assert.True(await accounts.TryDisableAsync(session.Subject, record: null, Now, default));
        Assert.False(await accounts.TryDisableAsync(session.Subject, record: null, Now, default));

        var state = await Sessions.FindAsync(session.Id, default);
        Assert.Equal((false, Now), (state!.SubjectIsActive, state.Session.EndedAt!.Value));
        Assert.True(await database.IsRevokedAsync(offline));
        Assert.False((await database.ReadAsync(offline)).IsLive(Now));
    }

    [ContractFact]
    public async Task Enabling_an_account_wakes_nothing()
    {
        var accounts = database.Main.Get<IAccountStateStore>();
        var session = await database.AddSessionAsync();
        await accounts.TryDisableAsync(session.Subject, record: null, Now, default);

        Assert.True(await accounts.TryEnableAsync(session.Subject, default));
        Assert.False(await accounts.TryEnableAsync(session.Subject, default));

        var state = await Sessions.FindAsync(session.Id, default);
        Assert.True(state!.SubjectIsActive);
        Assert.False(state.Session.IsLive(Now));
    }

    [ContractFact]
    public async Task Disabling_an_account_while_codes_are_redeemed_leaves_no_live_grant()
    {
        for (var round = 0; round < 50; round++)
        {
            var session = await database.AddSessionAsync();
            var grants = new[] { await database.GrantAsync(session), await database.GrantAsync(session, "openid offline_access") };

            await Race.RunAsync(
                async number =>
                {
                    if (number == 2)
                    {
                        await database.Other.Get<IAccountStateStore>().TryDisableAsync(session.Subject, record: null, Now, default);
                    }
                    else
                    {
                        await database.Main.Get<IGrantStore>().TryOpenAsync(grants[number], consented: null, default);
                    }

                    return true;
                },
                callers: 3);

            Assert.Equal(0, await database.CountAsync("grants", $"revoked_at IS NULL AND subject = '{session.Subject}'"));
        }
    }
}

public sealed class SqliteSessionStoreTests(SqliteTestDatabase database)
    : SessionStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlSessionStoreTests(PostgreSqlTestDatabase database)
    : SessionStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
