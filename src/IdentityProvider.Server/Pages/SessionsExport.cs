using System.Text.Json.Nodes;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Activity;
using IdentityProvider.Accounts.Export;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Server.Pages;

/// <summary>Where the person is signed in.</summary>
internal sealed class SessionsExport(ISessionStore sessions, IAccountActivity activity, TimeProvider clock) : IExportPart
{
    public string Name => "sessions";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var live = await sessions.ListAsync(account.Id, clock.GetUtcNow(), cancellationToken);
        var used = (await activity.ListSessionClientsAsync(account.Id, cancellationToken)).ToLookup(use => use.SessionId, use => use.ClientId);
        return ExportJson.Of(live.Select(session => new
        {
            session.CreatedAt,
            session.LastSeenAt,
            session.Methods,
            session.UserAgent,
            session.RemoteAddress,
            Clients = used[session.Id],
        }));
    }
}
