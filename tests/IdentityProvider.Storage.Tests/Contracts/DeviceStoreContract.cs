using IdentityProvider.Accounts.Devices;

namespace IdentityProvider.Storage.Tests.Contracts;

public abstract class DeviceStoreContract(TestDatabase database)
{
    private IDeviceStore Devices => database.Main.Get<IDeviceStore>();

    private DateTimeOffset Now => database.Clock.Now;

    [ContractFact]
    public async Task A_device_is_kept_whole_and_changes_by_being_saved_again()
    {
        var device = NewDevice(await database.AddAccountAsync());
        await Devices.TrySaveAsync(device, default);
        var later = device with
        {
            LastSeenAt = Now.AddDays(1),
            ExpiresAt = Now.AddDays(31),
            TrustedUntil = Now.AddDays(30),
            TrustedStamp = "stamp",
            UserAgent = "another",
            RemoteAddress = null,
        };

        await Devices.TrySaveAsync(later, default);
        var found = await Devices.FindAsync(device.Id, default);

        Assert.Equal(later with { SecretHash = default }, found! with { SecretHash = default });
        Assert.Equal(device.SecretHash.ToArray(), found!.SecretHash.ToArray());
    }

    [ContractFact]
    public async Task The_device_of_one_account_is_not_taken_over_by_another()
    {
        var device = NewDevice(await database.AddAccountAsync());
        await Devices.TrySaveAsync(device, default);
        var stranger = await database.AddAccountAsync();

        await Devices.TrySaveAsync(device with { AccountId = stranger, TrustedUntil = Now.AddDays(30) }, default);
        var removed = await Devices.TryRemoveAsync(stranger, device.Id, default);

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
            await Devices.TrySaveAsync(device, default);
        }

        Guid[] listed = [.. (await Devices.ListAsync(account, Now, default)).Select(device => device.Id)];
        var removed = await Devices.TryRemoveAsync(account, recent.Id, default);
        var again = await Devices.TryRemoveAsync(account, recent.Id, default);
        await Devices.RemoveAllAsync(account, default);

        Assert.Equal([recent.Id, old.Id], listed);
        Assert.True(removed);
        Assert.False(again);
        Assert.Null(await Devices.FindAsync(old.Id, default));
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
