using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Server.Pages;

/// <summary>Browsers in which a person is not asked for the second factor for a time.</summary>
internal sealed class TrustedBrowsers(IDeviceStore devices, ChangeRecords records, TimeProvider clock)
{
    public async Task<IReadOnlyList<Device>> ListAsync(Account account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return [.. (await devices.ListAsync(account.Id, now, cancellationToken)).Where(device => device.IsTrusted(account, now))];
    }

    /// <summary>From now on that browser is like any other. False when the account is not known in it.</summary>
    public Task<bool> TryForgetAsync(Account account, Guid device, string? remoteAddress, CancellationToken cancellationToken) =>
        devices.TryRemoveAsync(account.Id, device, records.Note(AuditEventTypes.DeviceForgotten, account.Id, remoteAddress), cancellationToken);
}
