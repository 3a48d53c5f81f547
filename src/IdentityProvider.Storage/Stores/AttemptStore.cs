using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>Each verb is one durable transaction.</summary>
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

    public async Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken)
    {
        var rows = await database.WriteAsync(Count.With(counter.Key.ToArray(), counter.Most, counter.EndsAt), cancellationToken);
        return rows > 0 ? new CountedAttempt(counter.Key, IsInCache: false) : null;
    }

    // In the order of the key, so that two at once take their locks alike.
    public Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken) =>
        database.WriteAllAsync(
            [.. attempts.Select(attempt => attempt.Key.ToArray()).OrderBy(Convert.ToHexString, StringComparer.Ordinal).Select(key => TakeBack.With(key))],
            cancellationToken);
}
