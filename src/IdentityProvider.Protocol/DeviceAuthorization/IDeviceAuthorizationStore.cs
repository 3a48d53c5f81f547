using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>
/// Devices that wait. Each verb is one durable transaction. That a code is handed out once is the grant's doing: its id is the device
/// authorization's, and <see cref="Tokens.IGrantStore.TryOpenAsync"/> inserts it once in the cluster.
/// </summary>
public interface IDeviceAuthorizationStore
{
    /// <summary>Adds a pending one. False when another one has this user code. One statement.</summary>
    /// <param name="device">Without a decision.</param>
    /// <param name="userCodeHash">MAC of the user code, 32 bytes; the code itself is not stored.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryAddAsync(WaitingDevice device, ReadOnlyMemory<byte> userCodeHash, CancellationToken cancellationToken);

    /// <summary>Decided and expired ones are returned too. One read, and no write: devices poll.</summary>
    Task<WaitingDevice?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Decided and expired ones are returned too. One read.</summary>
    Task<WaitingDevice?> FindByUserCodeAsync(ReadOnlyMemory<byte> userCodeHash, CancellationToken cancellationToken);

    /// <summary>Raises the interval of a pending one; of callers that read the same interval one does. One statement.</summary>
    Task RaiseIntervalAsync(Guid id, TimeSpan current, TimeSpan raised, CancellationToken cancellationToken);

    /// <summary>
    /// Notes the approval of a pending one, remembers the consent and writes it down, in one transaction; the entry's time is that of the decision.
    /// False, and nothing is written, when it was decided before or has expired: of several decisions the first counts.
    /// </summary>
    Task<bool> TryApproveAsync(
        Guid id, string clientId, DeviceDecision.Approved approval, AuditEvent entry, CancellationToken cancellationToken);

    /// <summary>Notes the refusal of a pending one and writes it down, in one transaction. False when it was decided before or has expired.</summary>
    Task<bool> TryDenyAsync(Guid id, AuditEvent entry, CancellationToken cancellationToken);
}
