using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tokens;

/// <summary>Grants. Each verb is one durable transaction: when it has answered, a crash does not undo it.</summary>
public interface IGrantStore
{
    /// <summary>
    /// Inserts the grant whose id is the code's id, provided that what it rests on still stands: its session is alive, its account and its client
    /// are enabled, and where it rests on a consent, that covers it still. What is withdrawn at the same moment ends the grant or comes
    /// before it. At most one caller in the cluster is told <see cref="GrantOpening.Opened"/> for an id. One round trip.
    /// </summary>
    /// <param name="grant">The row to be.</param>
    /// <param name="consented">What a remembered consent must cover; null where the person was not asked.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<GrantOpening> TryOpenAsync(Grant grant, ScopeSet? consented, CancellationToken cancellationToken);

    /// <summary>
    /// Marks a code as spent without giving anything: inserts <paramref name="grant"/> as revoked, or revokes the grant that stands under its id.
    /// Written down in the same transaction.
    /// </summary>
    Task SpendAsync(Grant grant, AuditEvent entry, CancellationToken cancellationToken);

    Task<Grant?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Counts the grant one further: counter becomes <paramref name="counter"/> + 1 where it is at most <paramref name="counter"/>
    /// (it is less only after a restored backup) and the grant stands. True for one caller in the cluster. One statement.
    /// </summary>
    /// <param name="id">The grant.</param>
    /// <param name="counter">Counter of the refresh token that was presented.</param>
    /// <param name="now">Time of the rotation.</param>
    /// <param name="expiresAt">The new, sliding end.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryRotateAsync(Guid id, long counter, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>
    /// Ends the grant, sets its status bit and writes down why, in one transaction; the entry's time is that of the end. An ended or unknown grant
    /// does not change, and the entry is written.
    /// </summary>
    Task RevokeAsync(Guid id, AuditEvent entry, CancellationToken cancellationToken);

    /// <summary>
    /// Withdraws the access tokens issued so far and lets the grant stand: sets the bit of its present status and gives it
    /// <paramref name="fresh"/> and writes it down, in one transaction. False, and nothing is written, when the grant no longer has
    /// <paramref name="current"/>.
    /// </summary>
    Task<bool> RenewStatusAsync(Guid id, StatusReference current, StatusReference fresh, AuditEvent entry, CancellationToken cancellationToken);
}

/// <summary>What came of opening a grant.</summary>
public enum GrantOpening
{
    /// <summary>The row is ours: the code was fresh.</summary>
    Opened,

    /// <summary>A grant with this id stands already: the code was used before.</summary>
    AlreadyUsed,

    /// <summary>The session, account, client or consent ended after the code was issued; nothing was written.</summary>
    Withdrawn,
}
