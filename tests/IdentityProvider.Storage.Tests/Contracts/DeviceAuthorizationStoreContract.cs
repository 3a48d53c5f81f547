using System.Data.Common;
using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class DeviceAuthorizationStoreContract(TestDatabase database)
{
    private IDeviceAuthorizationStore Devices => database.Main.Get<IDeviceAuthorizationStore>();

    private IDeviceAuthorizationStore DevicesOfOther => database.Other.Get<IDeviceAuthorizationStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task What_was_added_is_read_back_whole_by_id_and_by_user_code()
    {
        var hash = Hash();
        var device = Device() with { Resources = ["https://api.example/orders", "https://api.example/stock"], RemoteAddress = "2001:db8::1" };

        Assert.True(await Devices.TryAddAsync(device, hash, default));

        AssertSame(device, await DevicesOfOther.FindAsync(device.Id, default));
        AssertSame(device, await DevicesOfOther.FindByUserCodeAsync(hash, default));
        Assert.Null(await Devices.FindAsync(Guid.CreateVersion7(), default));
        Assert.Null(await Devices.FindByUserCodeAsync(Hash(), default));
    }

    [ContractFact]
    public async Task Of_sixteen_with_one_user_code_one_gets_it()
    {
        var hash = Hash();

        var outcomes = await Race.RunAsync(number => (number % 2 == 0 ? Devices : DevicesOfOther).TryAddAsync(Device(), hash, default));

        Assert.Equal(1, outcomes.Count(won => won));
    }

    [ContractFact]
    public async Task Approval_is_read_back_whole_and_the_consent_is_remembered_with_it()
    {
        var session = await database.AddSessionAsync();
        var device = await AddAsync();
        var approval = Approval(session) with { Scope = ScopeSet.Of("openid", "orders.read") };

        Assert.True(await Devices.TryApproveAsync(device.Id, device.ClientId, approval, Now, default));

        AssertSame(device with { Decision = approval }, await DevicesOfOther.FindAsync(device.Id, default));
        var consent = await database.Main.Get<IConsentStore>().FindAsync(session.Subject, device.ClientId, default);
        Assert.Equal("openid orders.read", consent?.Scope.ToString());
    }

    [ContractFact]
    public async Task What_a_device_has_not_fetched_goes_with_the_consent()
    {
        var session = await database.AddSessionAsync();
        var device = await AddAsync();
        await Devices.TryApproveAsync(device.Id, device.ClientId, Approval(session), Now, default);

        await database.Main.Get<IConsentStore>().WithdrawAsync(session.Subject, device.ClientId, Now, default);

        Assert.Null(await DevicesOfOther.FindAsync(device.Id, default));
    }

    [ContractFact]
    public async Task Refusal_is_read_back_and_remembers_no_consent()
    {
        var session = await database.AddSessionAsync();
        var device = await AddAsync();

        Assert.True(await Devices.TryDenyAsync(device.Id, Now, default));
        Assert.False(await Devices.TryApproveAsync(device.Id, device.ClientId, Approval(session), Now, default));

        Assert.IsType<DeviceDecision.Denied>((await Devices.FindAsync(device.Id, default))!.Decision);
        Assert.Null(await database.Main.Get<IConsentStore>().FindAsync(session.Subject, device.ClientId, default));
    }

    [ContractFact]
    public async Task A_decision_is_written_down_with_it_or_not_made()
    {
        var session = await database.AddSessionAsync();
        var (approved, denied) = (await AddAsync(), await AddAsync());
        var type = Guid.NewGuid().ToString("N");
        var (entry, faulty) = (Samples.EntryAt(Now, type), Samples.EntryAt(Now) with { Type = null! });

        await Assert.ThrowsAnyAsync<DbException>(() => Devices.TryApproveAsync(approved.Id, approved.ClientId, Approval(session), faulty, default));
        await Assert.ThrowsAnyAsync<DbException>(() => Devices.TryDenyAsync(denied.Id, faulty, default));
        Assert.Null((await Devices.FindAsync(approved.Id, default))!.Decision);
        Assert.Null((await Devices.FindAsync(denied.Id, default))!.Decision);

        Assert.True(await Devices.TryApproveAsync(approved.Id, approved.ClientId, Approval(session), entry, default));
        Assert.True(await Devices.TryDenyAsync(denied.Id, entry, default));
        Assert.False(await Devices.TryDenyAsync(approved.Id, entry, default));
        Assert.Equal(2, await database.CountAsync("audit_events", $"type = '{type}'"));
    }

    [ContractFact]
    public async Task Nothing_is_decided_when_it_has_expired_or_does_not_exist()
    {
        var session = await database.AddSessionAsync();
        var device = await AddAsync();

        Assert.False(await Devices.TryApproveAsync(device.Id, device.ClientId, Approval(session), device.ExpiresAt, default));
        Assert.False(await Devices.TryDenyAsync(device.Id, device.ExpiresAt, default));
        Assert.False(await Devices.TryDenyAsync(Guid.CreateVersion7(), Now, default));

        Assert.Null((await Devices.FindAsync(device.Id, default))!.Decision);
        Assert.Null(await database.Main.Get<IConsentStore>().FindAsync(session.Subject, device.ClientId, default));
    }

    [ContractFact]
    public async Task Of_sixteen_decisions_the_first_counts()
    {
        var session = await database.AddSessionAsync();
        for (var round = 0; round < 20; round++)
        {
            var device = await AddAsync();

            var outcomes = await Race.RunAsync(number => (number % 4) switch
            {
                0 => Devices.TryApproveAsync(device.Id, device.ClientId, Approval(session), Now, default),
                1 => Devices.TryDenyAsync(device.Id, Now, default),
                2 => DevicesOfOther.TryApproveAsync(device.Id, device.ClientId, Approval(session), Now, default),
                _ => DevicesOfOther.TryDenyAsync(device.Id, Now, default),
            });

            var winner = Assert.Single(outcomes.Index(), outcome => outcome.Item).Index;
            var decision = (await Devices.FindAsync(device.Id, default))!.Decision;
            Assert.Equal(winner % 2 == 0, decision is DeviceDecision.Approved);
        }
    }

    [ContractFact]
    [Case(124)]
    public async Task Of_sixteen_polls_of_an_approved_device_one_opens_the_grant()
    {
        var session = await database.AddSessionAsync();
        for (var round = 0; round < 20; round++)
        {
            var device = await AddAsync();
            Assert.True(await Devices.TryApproveAsync(device.Id, device.ClientId, Approval(session), Now, default));

            // As the grant type does: read, then open a grant of the same id.
            var outcomes = await Race.RunAsync(async number =>
            {
                var node = number % 2 == 0 ? database.Main : database.Other;
                var read = await node.Get<IDeviceAuthorizationStore>().FindAsync(device.Id, default);
                Assert.IsType<DeviceDecision.Approved>(read!.Decision);
                var grant = await database.GrantAsync(session) with { Id = read.Id };
                return await node.Get<IGrantStore>().TryOpenAsync(grant, consented: null, default);
            });

            Assert.Equal(1, outcomes.Count(outcome => outcome == GrantOpening.Opened));
            Assert.Equal(Race.Callers - 1, outcomes.Count(outcome => outcome == GrantOpening.AlreadyUsed));
        }
    }

    [ContractFact]
    [Case(131)]
    public async Task Account_disabled_between_approval_and_poll_opens_nothing()
    {
        var session = await database.AddSessionAsync();
        var device = await AddAsync();
        await Devices.TryApproveAsync(device.Id, device.ClientId, Approval(session), Now, default);

        await database.Main.Get<IAccountStateStore>().TryDisableAsync(session.Subject, record: null, Now, default);

        var grant = await database.GrantAsync(session) with { Id = device.Id };
        Assert.Equal(GrantOpening.Withdrawn, await database.Other.Get<IGrantStore>().TryOpenAsync(grant, consented: null, default));
    }

    [ContractFact]
    public async Task Of_sixteen_that_raise_one_interval_one_does_and_a_decided_one_is_left_alone()
    {
        var device = await AddAsync();

        await Race.RunAsync(async number =>
        {
            await (number % 2 == 0 ? Devices : DevicesOfOther).RaiseIntervalAsync(device.Id, Seconds(5), Seconds(10), default);
            return number;
        });
        Assert.Equal(Seconds(10), (await Devices.FindAsync(device.Id, default))!.Interval);
        await Devices.RaiseIntervalAsync(device.Id, Seconds(5), Seconds(15), default);
        Assert.Equal(Seconds(10), (await Devices.FindAsync(device.Id, default))!.Interval);

        await Devices.TryDenyAsync(device.Id, Now, default);
        await Devices.RaiseIntervalAsync(device.Id, Seconds(10), Seconds(15), default);
        Assert.Equal(Seconds(10), (await Devices.FindAsync(device.Id, default))!.Interval);
    }

    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);

    private static ReadOnlyMemory<byte> Hash() => RandomNumberGenerator.GetBytes(32);

    private static void AssertSame(WaitingDevice expected, WaitingDevice? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Text(expected), Text(actual));
        Assert.Equal(Text(expected.Decision), Text(actual.Decision));
    }

    private static string Text(object? value) => JsonSerializer.Serialize(value);

    private static DeviceDecision.Approved Approval(Session session) => new()
    {
        Subject = session.Subject,
        SessionId = session.Id,
        Scope = ScopeSet.Of("openid"),
        AuthTime = session.AuthTime,
        Acr = session.Acr,
        Amr = session.Amr,
    };

    private WaitingDevice Device() => new()
    {
        Id = Guid.CreateVersion7(Now),
        ClientId = "tv",
        Scope = ScopeSet.Of("openid", "orders.read"),
        CreatedAt = Now,
        ExpiresAt = Now.AddMinutes(10),
        Interval = Seconds(5),
    };

    private async Task<WaitingDevice> AddAsync()
    {
        var device = Device();
        Assert.True(await Devices.TryAddAsync(device, Hash(), default));
        return device;
    }
}

public sealed class SqliteDeviceAuthorizationStoreTests(SqliteTestDatabase database)
    : DeviceAuthorizationStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlDeviceAuthorizationStoreTests(PostgreSqlTestDatabase database)
    : DeviceAuthorizationStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
