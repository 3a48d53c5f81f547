using IdentityProvider.Protocol.Registration;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class InitialAccessTokenStore(IDatabase database) : IInitialAccessTokenStore
{
    private const string IsUsable =
        "hash = $1 AND (expires_at IS NULL OR expires_at > $2) AND (max_uses IS NULL OR uses < max_uses)";

    private static readonly Statement Add = new(
        "INSERT INTO initial_access_tokens (id, hash, note, created_at, expires_at, max_uses, uses) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        SqlType.Guid, SqlType.Bytes, SqlType.Text, SqlType.Time, SqlType.Time, SqlType.Int32, SqlType.Int32);

    private static readonly Statement FindUsable = new(
        $"SELECT 1 FROM initial_access_tokens WHERE {IsUsable}", SqlType.Bytes, SqlType.Time);

    private static readonly Statement Use = new(
        $"UPDATE initial_access_tokens SET uses = uses + 1 WHERE {IsUsable}", SqlType.Bytes, SqlType.Time);

    private static readonly Statement List = new(
        "SELECT id, note, created_at, expires_at, max_uses, uses FROM initial_access_tokens ORDER BY id");

    private static readonly Statement Revoke = new("DELETE FROM initial_access_tokens WHERE id = $1", SqlType.Guid);

    /// <summary>Spends one use of a token; for those who do it together with something else.</summary>
    public static SqlCall Using(ReadOnlyMemory<byte> hash, DateTimeOffset now) => Use.With(hash.ToArray(), now);

    public Task AddAsync(InitialAccessToken token, ReadOnlyMemory<byte> hash, CancellationToken cancellationToken) =>
        database.WriteAsync(
            Add.With(token.Id, hash.ToArray(), token.Note, token.CreatedAt, token.ExpiresAt, token.MaxUses, token.Uses), cancellationToken);

    public async Task<bool> IsUsableAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellationToken) =>
        await database.FindAsync(FindUsable.With(hash.ToArray(), now), row => row.Int32(0), cancellationToken) == 1;

    public Task<IReadOnlyList<InitialAccessToken>> ListAsync(CancellationToken cancellationToken) =>
        database.ListAsync(List.With(), Decode, cancellationToken);

    public async Task<bool> TryRevokeAsync(Guid id, CancellationToken cancellationToken) =>
        await database.WriteAsync(Revoke.With(id), cancellationToken) > 0;

    private static InitialAccessToken Decode(Row row) => new()
    {
        Id = row.Guid(0),
        Note = row.TextOrNull(1),
        CreatedAt = row.Time(2),
        ExpiresAt = row.TimeOrNull(3),
        MaxUses = row.Int32OrNull(4),
        Uses = row.Int32(5),
    };
}
