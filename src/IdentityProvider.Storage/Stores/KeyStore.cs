using IdentityProvider.Protocol.Keys;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

internal sealed class KeyStore(IDatabase database) : IKeyStore
{
    private const string Columns = "id, purpose, algorithm, created_at, activates_at, retires_at, removes_at, wrapped_secret";

    private static readonly Statement List = new($"SELECT {Columns} FROM keys ORDER BY created_at, id");

    private static readonly Statement Put = new(
        $"""
         INSERT INTO keys ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (id) DO UPDATE SET purpose = excluded.purpose, algorithm = excluded.algorithm, created_at = excluded.created_at,
           activates_at = excluded.activates_at, retires_at = excluded.retires_at, removes_at = excluded.removes_at,
           wrapped_secret = excluded.wrapped_secret
         """,
        SqlType.Text, SqlType.Text, SqlType.Text, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Time, SqlType.Bytes);

    private static readonly Statement Remove = new("DELETE FROM keys WHERE id = $1", SqlType.Text);

    public async Task<KeyRingState> GetAsync(CancellationToken cancellationToken)
    {
        // Version first: keys that are newer than it are read again at the next look, older ones never pass for newer.
        var version = await GetVersionAsync(cancellationToken);
        return new KeyRingState(version, await database.ListAsync(List.With(), Decode, cancellationToken));
    }

    public Task<long> GetVersionAsync(CancellationToken cancellationToken) =>
        Settings.GetAsync(database, SettingRow.KeyRingVersion, cancellationToken);

    public Task<bool> TryChangeAsync(
        long expectedVersion,
        IReadOnlyCollection<KeyRecord> addOrReplace,
        IReadOnlyCollection<string> removeIds,
        CancellationToken cancellationToken) =>
        database.TryWriteAsync(
            Settings.AdvanceFrom(SettingRow.KeyRingVersion, expectedVersion),
            [.. addOrReplace.Select(Encode), .. removeIds.Select(id => Remove.With(id))],
            cancellationToken);

    private static SqlCall Encode(KeyRecord key) => Put.With(
        key.Id, key.Purpose, key.Algorithm, key.CreatedAt, key.ActivatesAt, key.RetiresAt, key.RemovesAt, key.WrappedSecret);

    private static KeyRecord Decode(Row row) => new()
    {
        Id = row.Text(0),
        Purpose = row.Text(1),
        Algorithm = row.Text(2),
        CreatedAt = row.Time(3),
        ActivatesAt = row.Time(4),
        RetiresAt = row.TimeOrNull(5),
        RemovesAt = row.TimeOrNull(6),
        WrappedSecret = row.Bytes(7),
    };
}
