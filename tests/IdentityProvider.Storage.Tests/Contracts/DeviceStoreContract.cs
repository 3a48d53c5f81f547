using IdentityProvider.Accounts.Devices;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class DeviceStoreContract(TestDatabase database)
{
    private IDeviceStore Devices => database.Main.Get<IDeviceStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task A_device_is_kept_whole_and_changed()
    {
        var device = NewDevice(await database.AddAccountAsync());
        Assert.False(await Devices.TryChangeAsync(device, default));
        Assert.True(await Devices.TryAddAsync(device, Samples.Record(database), default));
        var later = device with
        {
            LastSeenAt = Now.AddDays(1),
            ExpiresAt = Now.AddDays(31),
            TrustedUntil = Now.AddDays(30),
            TrustedStamp = "stamp",
            UserAgent = "another",
            RemoteAddress = null,
        };

        Assert.True(await Devices.TryChangeAsync(later, default));
        var found = await Devices.FindAsync(device.Id, default);

        Assert.Equal(later with { SecretHash = default }, found! with { SecretHash = default });
        Assert.Equal(device.SecretHash.ToArray(), found!.SecretHash.ToArray());
    }

    [ContractFact]
    public async Task The_device_of_one_account_is_not_taken_over_by_another()
    {
        var device = NewDevice(await database.AddAccountAsync());
        await Devices.TryAddAsync(device, Samples.Record(database), default);
        var stranger = await database.AddAccountAsync();

        Assert.False(await Devices.TryChangeAsync(device with { AccountId = stranger, TrustedUntil = Now.AddDays(30) }, default));
        var removed = await Devices.TryRemoveAsync(stranger, device.Id, Samples.Record(database), default);

        Assert.False(removed);
        Assert.Null((await Devices.FindAsync(device.Id, default))!.TrustedUntil);
        Assert.Empty(await Devices.ListAsync(stranger, Now, default));
    }

    [ContractFact]
    public async Task Devices_are_listed_last_used_first_and_removed_one_by_one_or_all()
    {
        var account = await database.AddAccountAsync();
        var old = NewDevice(account) with { LastSeenAt = Now.AddDays(-2) };
        var recent = NewDevice(account);
        var expired = NewDevice(account) with { ExpiresAt = Now };
        foreach (var device in new[] { old, expired, recent })
        {
            await Devices.TryAddAsync(device, Samples.Record(database), default);
        }

        Guid[] listed = [.. (await Devices.ListAsync(account, Now, default)).Select(device => device.Id)];
        var removed = await Devices.TryRemoveAsync(account, recent.Id, Samples.Record(database), default);
        var again = await Devices.TryRemoveAsync(account, recent.Id, Samples.Record(database), default);
        await Devices.RemoveAllAsync(account, default);

        Assert.Equal([recent.Id, old.Id], listed);
        Assert.True(removed);
        Assert.False(again);
        Assert.Null(await Devices.FindAsync(old.Id, default));
    }

    [ContractFact]
    public async Task A_further_device_of_an_account_is_written_down_and_told_and_its_only_one_is_not()
    {
        var (account, name) = (await database.AddAccountAsync(), Guid.NewGuid().ToString("N"));
        await Devices.TryAddAsync(NewDevice(await database.AddAccountAsync()), Samples.Record(database), default);
        Device[] added = [NewDevice(account) with { ExpiresAt = Now }, NewDevice(account), NewDevice(account)];
        var mails = new List<long>();

        foreach (var device in added)
        {
            Assert.True(await Devices.TryAddAsync(device, Samples.Record(database, name), default));
            mails.Add(await database.CountAsync("outbox", $"payload = '{name}'"));
        }

        Assert.False(await Devices.TryAddAsync(NewDevice("nobody"), Samples.Record(database, name), default));
        Assert.Equal([0, 0, 1], mails);
        Assert.Equal(1, await database.CountAsync("audit_events", $"type = '{name}'"));
    }

    [ContractFact]
    public async Task The_only_device_of_an_account_that_is_older_than_what_is_known_of_devices_is_told()
    {
        var (account, name) = (await database.AddAccountAsync(account => account.CreatedAt = Now.AddDays(-31)), Guid.NewGuid().ToString("N"));

        Assert.True(await Devices.TryAddAsync(NewDevice(account), Samples.Record(database, name), default));

        Assert.Equal(1, await database.CountAsync("outbox", $"payload = '{name}'"));
        Assert.Equal(1, await database.CountAsync("audit_events", $"type = '{name}'"));
    }

    private Device NewDevice(string account) => new()
    {
        Id = Guid.CreateVersion7(Now),
        AccountId = account,
        SecretHash = new byte[32],
        CreatedAt = Now,
        LastSeenAt = Now,
        ExpiresAt = Now.AddDays(30),
        UserAgent = "agent",
        RemoteAddress = "192.0.2.1",
    };
}

public sealed class SqliteDeviceStoreTests(SqliteTestDatabase database)
    : DeviceStoreContract(database), IClassFixture<SqliteTestDatabase>;

public sealed class PostgreSqlDeviceStoreTests(PostgreSqlTestDatabase database)
    : DeviceStoreContract(database), IClassFixture<PostgreSqlTestDatabase>;
