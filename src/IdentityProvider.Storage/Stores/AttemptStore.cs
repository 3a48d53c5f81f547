using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class AttemptStore(IDatabase database) : IAttemptStore
{
    private static readonly Statement Count = new(
        """
        INSERT INTO attempts (key, count, expires_at) VALUES ($1, 1, $3)
        ON CONFLICT (key) DO UPDATE SET count = attempts.count + 1 WHERE attempts.count < $2
        """,
        SqlType.Bytes, SqlType.Int32, SqlType.Time);

    private static readonly Statement TakeBack = new(
        "UPDATE attempts SET count = count - 1 WHERE key = $1 AND count > 0", SqlType.Bytes);

    public async Task<bool> TryCountAsync(ReadOnlyMemory<byte> key, int most, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        return await database.WriteAsync(Count.With(key.ToArray(), most, expiresAt), cancellationToken) > 0;
    }

    // In the order of the key, so that two at once take their locks alike.
    public Task TakeBackAsync(IReadOnlyCollection<ReadOnlyMemory<byte>> keys, CancellationToken cancellationToken) =>
        database.WriteAllAsync(
            [.. keys.Select(key => key.ToArray()).OrderBy(Convert.ToHexString, StringComparer.Ordinal).Select(key => TakeBack.With(key))],
            cancellationToken);
}
