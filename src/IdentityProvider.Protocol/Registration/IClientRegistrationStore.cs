using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Registration;

/// <summary>
/// Clients that register themselves, in the database. Each verb that changes something is one transaction and moves the catalog's version
/// on, so that every node takes the change over.
/// </summary>
public interface IClientRegistrationStore
{
    /// <summary>How many self-registered clients there are.</summary>
    Task<int> CountAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds the client and spends one use of its initial access token. False, and nothing is written, when the token is unknown, revoked,
    /// expired or used up: of callers at the same time no more than its uses are told true.
    /// </summary>
    Task<bool> TryAddAsync(NewRegistration registration, CancellationToken cancellationToken);

    /// <summary>A self-registered client as it stands in the database, disabled ones included; null when there is none of that id.</summary>
    Task<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces all metadata and secrets, and the registration access token by its successor. False when the presented token is no longer the
    /// client's, or the client is gone or disabled: of callers at the same time one is told true.
    /// </summary>
    /// <param name="client">With the id of the client; its status is ignored.</param>
    /// <param name="presented">SHA-256 of the token that allows it.</param>
    /// <param name="successor">SHA-256 of the token that is told now.</param>
    /// <param name="now">When.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryReplaceAsync(
        Client client, ReadOnlyMemory<byte> presented, ReadOnlyMemory<byte> successor, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the client with its secrets and consents, ends its grants and sets its status bits. False when the presented token is not the
    /// client's: of callers at the same time one is told true.
    /// </summary>
    Task<bool> TryDeleteAsync(string clientId, ReadOnlyMemory<byte> presented, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>The client got a token: it no longer expires as unused.</summary>
    Task MarkUsedAsync(string clientId, CancellationToken cancellationToken);
}

/// <summary>A client that is to be added.</summary>
/// <param name="Client">Its id is new; its status is ignored.</param>
/// <param name="TokenHash">SHA-256 of its registration access token.</param>
/// <param name="IssuedAt">Of the id.</param>
/// <param name="UnusedUntil">When it is deleted unless it was used.</param>
/// <param name="InitialTokenHash">SHA-256 of the initial access token; null where everybody may register.</param>
public sealed record NewRegistration(
    Client Client, ReadOnlyMemory<byte> TokenHash, DateTimeOffset IssuedAt, DateTimeOffset UnusedUntil, byte[]? InitialTokenHash);

/// <summary>A client that registered itself.</summary>
/// <param name="Client">As it stands.</param>
/// <param name="TokenHash">SHA-256 of its registration access token.</param>
/// <param name="IssuedAt"><c>client_id_issued_at</c>.</param>
public sealed record RegisteredClient(Client Client, ReadOnlyMemory<byte> TokenHash, DateTimeOffset IssuedAt);
