using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Upstream;

namespace IdentityProvider.Accounts.Export;

/// <summary>Identities elsewhere that can sign in here: with which provider, and what it called the person.</summary>
internal sealed class LinkedIdentitiesExport(ILinkedIdentityStore links, UpstreamProviders providers) : IExportPart
{
    public string Name => "linked_providers";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var linked = await links.ListAsync(account.Id, cancellationToken);
        return ExportJson.Of(linked.Select(identity => new
        {
            Provider = identity.ProviderId,
            Name = providers.Find(identity.ProviderId)?.DisplayName,
            identity.Label,
        }));
    }
}
