using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Devices;

namespace IdentityProvider.Accounts.Export;

/// <summary>Browsers the account is known in.</summary>
internal sealed class DevicesExport(IDeviceStore devices, TimeProvider clock) : IExportPart
{
    public string Name => "known_browsers";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var known = await devices.ListAsync(account.Id, now, cancellationToken);
        return ExportJson.Of(known.Select(device => new
        {
            FirstSeenAt = device.CreatedAt,
            device.LastSeenAt,
            TrustedUntil = device.IsTrusted(account, now) ? device.TrustedUntil : null,
            device.UserAgent,
            device.RemoteAddress,
        }));
    }
}
