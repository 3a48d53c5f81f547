using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Cleanup;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Tests.Contracts;

/// <summary>Each test has a database to itself: what is due is everyone's.</summary>
public abstract class CleanupContract(TestDatabase database) : IAsyncLifetime
{
    private DateTimeOffset Now => database.Clock.Now;

    private IGrantStore Grants => database.Main.Get<IGrantStore>();

    public Task InitializeAsync() => database.InitializeAsync();

    public Task DisposeAsync() => database.DisposeAsync();

    [ContractFact]
    public async Task What_lives_stays()
    {
        var session = await database.AddSessionAsync();
        await database.OpenGrantAsync(session);
        await database.Main.Get<IUsedJtiStore>().TryUseAsync("shop", "1", Now.AddMinutes(1), default);

        Assert.Equal(0, (await RunAsync()).Total);
    }

    [ContractFact]
    public async Task Used_identifiers_go_two_hours_after_they_expire()
    {
        var used = database.Main.Get<IUsedJtiStore>();
        for (var i = 0; i < 20; i++)
        {
            await used.TryUseAsync("shop", "jti-" + i, Now.AddMinutes(i), default);
        }

        database.Clock.Advance(TimeSpan.FromMinutes(120 + 9));

        Assert.Equal(10, (await RunAsync()).UsedJti);
        Assert.True(await used.TryUseAsync("shop", "jti-9", Now.AddMinutes(1), default));
        Assert.False(await used.TryUseAsync("shop", "jti-10", Now.AddMinutes(1), default));
    }

    [ContractFact]
    public async Task Waiting_devices_go_when_they_expire_and_counters_two_hours_later()
    {
        var attempts = database.Main.Get<IAttemptStore>();
        var devices = database.Main.Get<IDeviceAuthorizationStore>();
        for (byte i = 0; i < 20; i++)
        {
            var device = new WaitingDevice
            {
                Id = Guid.CreateVersion7(Now),
                ClientId = "tv",
                Scope = ScopeSet.Of("openid"),
                CreatedAt = Now,
                ExpiresAt = Now.AddMinutes(i),
                Interval = TimeSpan.FromSeconds(5),
            };
            await devices.TryAddAsync(device, new byte[] { i }, default);
            await attempts.TryCountAsync(new AttemptCounter(new byte[] { i }, 1, Now, Now.AddMinutes(i)), default);
        }

        database.Clock.Advance(TimeSpan.FromMinutes(9));
        var report = await RunAsync();

        Assert.Equal((10, 0), (report.DeviceAuthorizations, report.Attempts));
        Assert.Null(await devices.FindByUserCodeAsync(new byte[] { 9 }, default));
        Assert.NotNull(await devices.FindByUserCodeAsync(new byte[] { 10 }, default));

        database.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(10, (await RunAsync()).Attempts);
    }

    [ContractFact]
    public async Task A_dead_grant_goes_when_its_last_token_has_expired()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());
        database.Clock.Advance(grant.ExpiresAt - Now + TimeSpan.FromHours(24));
        Assert.Equal(0, (await RunAsync()).Grants);

        database.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(1, (await RunAsync()).Grants);
        Assert.Null(await Grants.FindAsync(grant.Id, default));
    }

    [ContractFact]
    public async Task A_grant_that_was_refreshed_stays_until_its_new_end()
    {
        var session = await database.AddSessionAsync();
        var grant = await database.GrantAsync(session, "openid offline_access") with { AbsoluteExpiresAt = Now.AddDays(90) };
        await Grants.TryOpenAsync(grant, consented: null, default);
        Assert.True(await Grants.TryRotateAsync(grant.Id, 0, Now, Now.AddDays(14), default));

        for (var day = 0; day < 15; day++)
        {
            Assert.Equal(0, (await RunAsync()).Grants);
            Assert.NotNull(await Grants.FindAsync(grant.Id, default));
            database.Clock.Advance(TimeSpan.FromDays(1));
        }

        database.Clock.Advance(TimeSpan.FromHours(26));
        Assert.Equal(1, (await RunAsync()).Grants);
    }

    [ContractFact]
    public async Task A_session_goes_a_day_after_its_end_and_a_used_one_stays()
    {
        var used = await database.AddSessionAsync();
        var idle = await database.AddSessionAsync();
        var ended = await database.AddSessionAsync();
        var sessions = database.Main.Get<ISessionStore>();
        await sessions.EndAsync(ended.Id, Now, default);
        await sessions.TouchAsync(used.Id, Now.AddMinutes(1), Now.AddDays(10), default);

        database.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, (await RunAsync()).Sessions);
        Assert.Null(await sessions.FindAsync(ended.Id, default));

        database.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(1, (await RunAsync()).Sessions);
        Assert.Null(await sessions.FindAsync(idle.Id, default));
        Assert.NotNull(await sessions.FindAsync(used.Id, default));
    }

    [ContractFact]
    public async Task A_bit_goes_when_no_token_can_need_it_and_the_version_stays()
    {
        var grant = await database.OpenGrantAsync(await database.AddSessionAsync());
        await Grants.RevokeAsync(grant.Id, Now, default);
        var lists = database.Main.Get<IStatusListStore>();
        var version = await lists.FindVersionAsync(grant.Status.List, default);

        database.Clock.Advance(TimeSpan.FromHours(24));
        await RunAsync();
        Assert.True(await database.IsRevokedAsync(grant));

        database.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, (await RunAsync()).StatusBits);
        Assert.False(await database.IsRevokedAsync(grant));
        Assert.Equal(version, await lists.FindVersionAsync(grant.Status.List, default));
    }

    [ContractFact]
    public async Task Many_rows_go_in_many_batches()
    {
        var session = await database.AddSessionAsync();
        for (var i = 0; i < 1201; i++)
        {
            await database.OpenGrantAsync(session, "openid offline_access");
        }

        await database.Main.Get<ISessionStore>().EndAllAsync(session.Subject, Now, default);
        database.Clock.Advance(TimeSpan.FromDays(3));

        var report = await RunAsync();

        Assert.Equal((1201, 1201, 1), (report.Grants, report.StatusBits, report.Sessions));
        Assert.Equal(0, await database.CountAsync("grants") + await database.CountAsync("revoked_statuses"));
    }

    [ContractFact]
    public async Task A_full_list_goes_when_nothing_speaks_of_it()
    {
        var session = await database.AddSessionAsync();
        await database.OpenGrantAsync(session);
        await database.Main.Get<IDatabase>().WriteAsync(
            new Statement($"UPDATE status_lists SET next_index = {IStatusListStore.ListLength} WHERE id = 1").With(), default);
        database.Clock.Advance(TimeSpan.FromHours(13));
        Assert.Equal(2, (await database.Main.Get<IStatusListStore>().AllocateAsync(default)).List);
        Assert.Equal(0, (await RunAsync()).StatusLists);

        database.Clock.Advance(TimeSpan.FromDays(3));

        Assert.Equal(1, (await RunAsync()).StatusLists);
        var lists = database.Main.Get<IStatusListStore>();
        Assert.Null(await lists.FindVersionAsync(1, default));
        Assert.NotNull(await lists.FindVersionAsync(0, default));
        Assert.NotNull(await lists.FindVersionAsync(2, default));
    }

    [ContractFact]
    public async Task Audit_events_go_when_their_retention_is_over()
    {
        var audit = database.Main.Get<IAuditTrail>();
        await audit.AppendAsync(new AuditEvent { Type = AuditEventTypes.SignedIn, At = Now }, default);
        await audit.AppendAsync(new AuditEvent { Type = AuditEventTypes.SignedOut, At = Now.AddMinutes(2) }, default);
        database.Clock.Advance(new StorageOptions().AuditRetention + TimeSpan.FromMinutes(1));

        Assert.Equal(1, (await RunAsync()).AuditEvents);

        database.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, (await RunAsync()).AuditEvents);
    }

    [ContractFact]
    public async Task One_node_cleans_up_at_a_time()
    {
        await using var other = database.Start();
        var election = database.Main.Get<ICleanupElection>();

        CleanupReport? meanwhile = new();
        await election.TryRunAsync(
            async () => meanwhile = await (database is PostgreSqlTestDatabase ? other : database.Main).Get<ExpiredRowCleanup>().RunOnceAsync(default),
            default);

        Assert.Null(meanwhile);
        Assert.NotNull(await other.Get<ExpiredRowCleanup>().RunOnceAsync(default));
    }

    private async Task<CleanupReport> RunAsync() =>
        await database.Main.Get<ExpiredRowCleanup>().RunOnceAsync(default) ?? throw new InvalidOperationException("nobody else runs");
}

public sealed class SqliteCleanupTests() : CleanupContract(new SqliteTestDatabase());

public sealed class PostgreSqlCleanupTests() : CleanupContract(new PostgreSqlTestDatabase());
