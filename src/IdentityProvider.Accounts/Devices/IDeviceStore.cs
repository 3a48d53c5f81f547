using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.Devices;

/// <summary>Browsers that accounts are known in. Each verb is one durable transaction.</summary>
public interface IDeviceStore
{
    /// <summary>The device, expired or not; null when there is none. One read.</summary>
    Task<Device?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Adds it. False, and nothing is written, when there is no such account (any more). The record is written in the same transaction, but not for
    /// the only browser of an account that is younger than devices are remembered: at the very first sign-in there is nobody to warn.
    /// </summary>
    Task<bool> TryAddAsync(Device device, ChangeRecord record, CancellationToken cancellationToken);

    /// <summary>
    /// Changes times, trust, user agent and address of the one that has its id and account. False, and nothing changes, when there is none (any more).
    /// </summary>
    Task<bool> TryChangeAsync(Device device, CancellationToken cancellationToken);

    /// <summary>Devices of an account that have not expired, the last used first.</summary>
    Task<IReadOnlyList<Device>> ListAsync(string accountId, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Removes it, and writes the record in the same transaction. False when the account has no such device.</summary>
    Task<bool> TryRemoveAsync(string accountId, Guid id, ChangeRecord record, CancellationToken cancellationToken);

    Task RemoveAllAsync(string accountId, CancellationToken cancellationToken);
}
