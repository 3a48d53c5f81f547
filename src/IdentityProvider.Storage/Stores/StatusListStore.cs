using System.Security.Cryptography;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>
/// Hands out indexes from a block that it reserved in the database and shuffled, so that neighbours in a list do not tell who came after
/// whom (draft-ietf-oauth-status-list §12.3).
/// </summary>
internal sealed class StatusListStore(IDatabase database, StorageOptions options, TimeProvider time) : IStatusListStore, IDisposable
{
    /// <summary>
    /// A block is not used after this, so that an idle node never hands out an index of a list that the clean-up has deleted:
    /// see <see cref="Cleanup.ExpiredRowCleanup"/>.
    /// </summary>
    public static readonly TimeSpan BlockLifetime = TimeSpan.FromHours(12);

    private static readonly Statement Newest = new("SELECT id, next_index FROM status_lists ORDER BY id DESC LIMIT 1");

    private static readonly Statement Reserve = new(
        "UPDATE status_lists SET next_index = $3, reserved_at = $4 WHERE id = $1 AND next_index = $2",
        SqlType.Int32, SqlType.Int32, SqlType.Int32, SqlType.Time);

    private static readonly Statement Begin = new(
        "INSERT INTO status_lists (id, next_index, forgotten_bits, reserved_at) VALUES ($1, $2, 0, $3) ON CONFLICT (id) DO NOTHING",
        SqlType.Int32, SqlType.Int32, SqlType.Time);

    private static readonly Statement Revoked = new("SELECT 1 FROM revoked_statuses WHERE list = $1 AND idx = $2", SqlType.Int32, SqlType.Int32);

    private static readonly Statement Version = new(
        "SELECT forgotten_bits + (SELECT count(*) FROM revoked_statuses WHERE list = $1) FROM status_lists WHERE id = $1", SqlType.Int32);

    private static readonly Statement AllRevoked = new("SELECT idx FROM revoked_statuses WHERE list = $1 ORDER BY idx", SqlType.Int32);

    private readonly Lock _guard = new();
    private readonly SemaphoreSlim _reserving = new(1, 1);
    private Block? _block;

    public ValueTask<StatusReference> AllocateAsync(CancellationToken cancellationToken) =>
        TryTake(out var status) ? new ValueTask<StatusReference>(status) : new ValueTask<StatusReference>(TakeFromNextAsync(cancellationToken));

    public async Task<bool> IsRevokedAsync(StatusReference status, CancellationToken cancellationToken) =>
        await database.FindAsync(Revoked.With(status.List, status.Index), row => row.Int32(0), cancellationToken) == 1;

    public Task<long?> FindVersionAsync(int list, CancellationToken cancellationToken) =>
        database.FindAsync<long?>(Version.With(list), row => row.Int64(0), cancellationToken);

    public Task<IReadOnlyList<int>> GetRevokedAsync(int list, CancellationToken cancellationToken) =>
        database.ListAsync(AllRevoked.With(list), row => row.Int32(0), cancellationToken);

    public void Dispose() => _reserving.Dispose();

    private bool TryTake(out StatusReference status)
    {
        lock (_guard)
        {
            if (_block is { Left: > 0 } block && time.GetUtcNow() - block.ReservedAt < BlockLifetime)
            {
                status = block.Take();
                return true;
            }
        }

        status = default;
        return false;
    }

    private async Task<StatusReference> TakeFromNextAsync(CancellationToken cancellationToken)
    {
        await _reserving.WaitAsync(cancellationToken);
        try
        {
            StatusReference status;
            while (!TryTake(out status))
            {
                var block = await ReserveAsync(cancellationToken);
                lock (_guard)
                {
                    _block = block;
                }
            }

            return status;
        }
        finally
        {
            _reserving.Release();
        }
    }

    /// <summary>Compare and set: of nodes that reserve at once one gets the block and the others look again.</summary>
    private async Task<Block> ReserveAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            var (list, next) = await database.FindAsync(Newest.With(), row => (row.Int32(0), row.Int32(1)), cancellationToken);
            if (list < StatusListRow.FirstGrantList || next == IStatusListStore.ListLength)
            {
                (list, next) = (list + 1, 0);
                if (await database.WriteAsync(Begin.With(list, 0, now), cancellationToken) == 0)
                {
                    continue;
                }
            }

            var end = Math.Min(next + options.StatusBlockSize, IStatusListStore.ListLength);
            if (await database.WriteAsync(Reserve.With(list, next, end, now), cancellationToken) > 0)
            {
                return new Block(list, next, end, now);
            }
        }
    }

    private sealed class Block
    {
        private readonly int _list;
        private readonly int[] _indexes;

        public Block(int list, int first, int end, DateTimeOffset reservedAt)
        {
            _list = list;
            _indexes = [.. Enumerable.Range(first, end - first)];
            RandomNumberGenerator.Shuffle<int>(_indexes);
            Left = _indexes.Length;
            ReservedAt = reservedAt;
        }

        public DateTimeOffset ReservedAt { get; }

        public int Left { get; private set; }

        public StatusReference Take() => new(_list, _indexes[--Left]);
    }
}
