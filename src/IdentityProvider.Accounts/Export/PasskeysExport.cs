using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Passkeys;

namespace IdentityProvider.Accounts.Export;

/// <summary>Passkeys as the person knows them; the keys themselves say nothing to anybody.</summary>
internal sealed class PasskeysExport(IPasskeyStore passkeys) : IExportPart
{
    public string Name => "passkeys";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var all = await passkeys.ListAsync(account.Id, cancellationToken);
        return ExportJson.Of(all.Select(passkey => new
        {
            passkey.Name,
            passkey.CreatedAt,
            passkey.LastUsedAt,
            passkey.Transports,
            passkey.IsBackedUp,
        }));
    }
}
