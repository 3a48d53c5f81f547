namespace IdentityProvider.Protocol.EndSession;

/// <summary>Posts a logout token: no redirects, limits on size and time, no private addresses unless allowed.</summary>
public interface ILogoutTokenSender
{
    /// <summary>Null when the client took it (200 or 204, Back-Channel Logout §2.8); else why not, one line for the operator.</summary>
    Task<string?> SendAsync(string logoutUri, string logoutToken, CancellationToken cancellationToken);
}
