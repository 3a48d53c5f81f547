using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Server.Pages;

/// <summary>Browsers in which a person is not asked for the second factor for a time.</summary>
internal sealed class TrustedBrowsers(IDeviceStore devices, SecondFactorRecord record, TimeProvider clock)
{
    public async Task<IReadOnlyList<Device>> ListAsync(Account account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return [.. (await devices.ListAsync(account.Id, now, cancellationToken)).Where(device => device.IsTrusted(account, now))];
    }

    /// <summary>From now on that browser is like any other. False when the account is not known in it.</summary>
    public async Task<bool> TryForgetAsync(Account account, Guid device, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (!await devices.TryRemoveAsync(account.Id, device, cancellationToken))
        {
            return false;
        }

        await record.NoteAsync(account, AuditEventTypes.DeviceForgotten, method: null, remoteAddress, notice: null, cancellationToken);
        return true;
    }
}
