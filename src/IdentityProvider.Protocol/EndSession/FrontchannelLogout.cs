using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.EndSession;

/// <summary>Which addresses the page after signing out loads in frames: Front-Channel Logout §2 and §3.</summary>
public sealed class FrontchannelLogout(ISessionStore sessions, ICatalogStore catalog, SubjectIdentifiers subjects, IOptions<ProtocolOptions> options)
{
    /// <summary>Registered addresses of the session's clients; none for most sessions.</summary>
    public async Task<IReadOnlyList<string>> FindFramesAsync(Session session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        var clients = await sessions.ListClientsAsync(session.Id, cancellationToken);
        return
        [
            .. clients
                .Select(clientId => catalog.Current.FindClient(clientId))
                .OfType<Client>()
                .Where(client => client.FrontchannelLogoutUri is not null)
                .Select(client => AddressOf(client, session)),
        ];
    }

    /// <summary>§2: the query that was registered stays; <c>iss</c> and <c>sid</c> come together or not at all.</summary>
    private string AddressOf(Client client, Session session)
    {
        var registered = client.FrontchannelLogoutUri!;
        if (!client.FrontchannelLogoutSessionRequired)
        {
            return registered;
        }

        var separator = registered.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{registered}{separator}{ParameterNames.Iss}={Uri.EscapeDataString(options.Value.Issuer)}"
            + $"&{ParameterNames.SessionId}={subjects.SessionOf(client, session.Id)}";
    }
}
