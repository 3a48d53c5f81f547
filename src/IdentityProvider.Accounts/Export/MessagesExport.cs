using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Activity;

namespace IdentityProvider.Accounts.Export;

/// <summary>Mail and text messages to the person, as far back as they are noted; what was in them is not kept.</summary>
internal sealed class MessagesExport(IAccountActivity activity) : IExportPart
{
    public string Name => "messages";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken) =>
        ExportJson.Of(await activity.ListMessagesAsync(account.Id, cancellationToken));
}
