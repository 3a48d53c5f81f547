using System.Text.Json.Nodes;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Activity;
using IdentityProvider.Accounts.Export;
using IdentityProvider.Protocol.Authorization;

namespace IdentityProvider.Server.Pages;

/// <summary>What the person allowed clients, and what clients used.</summary>
internal sealed class ApplicationsExport(IConsentStore consents, IAccountActivity activity, ClientNames names, TimeProvider clock) : IExportPart
{
    public string Name => "applications";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var given = (await consents.ListAsync(account.Id, cancellationToken)).ToDictionary(consent => consent.ClientId, StringComparer.Ordinal);
        var uses = (await activity.ListClientsAsync(account.Id, clock.GetUtcNow(), cancellationToken))
            .ToDictionary(use => use.ClientId, StringComparer.Ordinal);
        var clients = given.Keys.Union(uses.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return ExportJson.Of(clients.Select(client => new
        {
            ClientId = client,
            Name = names.Of(client),
            AllowedScope = given.GetValueOrDefault(client)?.Scope.ToString(),
            AllowedAt = given.GetValueOrDefault(client)?.CreatedAt,
            LastUsedAt = uses.GetValueOrDefault(client)?.LastUsedAt,
        }));
    }
}
