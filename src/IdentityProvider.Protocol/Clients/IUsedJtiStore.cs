namespace IdentityProvider.Protocol.Clients;

/// <summary>Identifiers of assertions that may be used once (RFC 7523 §3 item 7), kept until the assertion has expired.</summary>
public interface IUsedJtiStore
{
    /// <summary>True for one caller in the cluster, until <paramref name="expiresAt"/>. One statement; durable before it answers.</summary>
    /// <param name="issuer">Who issued it, with its purpose in front, such as <c>client_assertion web-app</c>.</param>
    /// <param name="jti">As received; at most 255 characters.</param>
    /// <param name="expiresAt">End of the assertion plus the clock skew allowed.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryUseAsync(string issuer, string jti, DateTimeOffset expiresAt, CancellationToken cancellationToken);
}
