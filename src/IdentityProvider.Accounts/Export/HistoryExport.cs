using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Activity;

namespace IdentityProvider.Accounts.Export;

/// <summary>The security events of the account, the newest first, as far back as a file can be read: 10,000.</summary>
internal sealed class HistoryExport(IAccountActivity activity) : IExportPart
{
    private const int MaxEvents = 10_000;

    public string Name => "history";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var events = await activity.ListEventsAsync(account.Id, before: null, MaxEvents, cancellationToken);
        return ExportJson.Of(events.Select(entry => new
        {
            entry.Event.At,
            entry.Event.Type,
            entry.Event.ClientId,
            entry.Event.RemoteAddress,
            entry.Event.Detail,
        }));
    }
}
