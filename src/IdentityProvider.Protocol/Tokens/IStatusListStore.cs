namespace IdentityProvider.Protocol.Tokens;

/// <summary>
/// Set bits of the status lists (draft-ietf-oauth-status-list). Bits are set by the verbs that end something (revoke a grant, end a
/// session, disable an account or client), in the same transaction; here they are only allocated and read.
/// </summary>
public interface IStatusListStore
{
    /// <summary>Entries of one list: 2^20, that is 128 KiB before compression.</summary>
    const int ListLength = 1 << 20;

    /// <summary>A status index that no other token has or had. Handed out from a block reserved in the database: no statement per call.</summary>
    ValueTask<StatusReference> AllocateAsync(CancellationToken cancellationToken);

    /// <summary>Whether the bit is set. One read.</summary>
    Task<bool> IsRevokedAsync(StatusReference status, CancellationToken cancellationToken);

    /// <summary>
    /// A value that changes whenever a bit of the list was set; null when there is no such list. One cheap read.
    /// </summary>
    Task<long?> FindVersionAsync(int list, CancellationToken cancellationToken);

    /// <summary>All set bits of the list.</summary>
    Task<IReadOnlyList<int>> GetRevokedAsync(int list, CancellationToken cancellationToken);
}
