using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Outbox;

namespace IdentityProvider.Protocol.EndSession;

/// <summary>Tells a client that a session ended: Back-Channel Logout §2.5.</summary>
public sealed class LogoutDelivery(LogoutTokens tokens, ILogoutTokenSender sender, ICatalogStore catalog) : IOutboxHandler
{
    public string Kind => OutboxKinds.BackchannelLogout;

    public async Task<OutboxAttempt> AttemptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);

        // The registration of now counts: the address may have moved since the session ended.
        if (message is not { ClientId: { } clientId, Subject: { } subject, SessionId: { } sessionId }
            || catalog.Current.FindClient(clientId) is not { BackchannelLogoutUri: { } address } client)
        {
            return OutboxAttempt.GivenUp("the client is gone, disabled or has no backchannel_logout_uri any more");
        }

        return new OutboxAttempt(await sender.SendAsync(address, tokens.Issue(client, subject, sessionId), cancellationToken));
    }
}
