namespace IdentityProvider.Accounts.Devices;

/// <summary>Browsers that accounts are known in. Each verb is one durable transaction.</summary>
public interface IDeviceStore
{
    /// <summary>The device, expired or not; null when there is none. One read.</summary>
    Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Adds it, or changes times, trust, user agent and address of the one that has its id and account. False, and nothing changes, when there is no
    /// such account (any more) or the id is that of another account's device.
    /// </summary>
    Task<bool> TrySaveAsync(Device device, CancellationToken cancellationToken);

    /// <summary>Devices of an account that have not expired, the last used first.</summary>
    Task<IReadOnlyList<Device>> ListAsync(string accountId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>False when the account has no such device.</summary>
    Task<bool> TryRemoveAsync(string accountId, Guid id, CancellationToken cancellationToken);

    Task RemoveAllAsync(string accountId, CancellationToken cancellationToken);
}
