using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage.Stores;

/// <summary>Versions in table <c>settings</c>: who moves one on decides, in the whole cluster.</summary>
internal static class Settings
{
    private static readonly Statement Read = new("SELECT value FROM settings WHERE name = $1", SqlType.Text);

    private static readonly Statement AdvanceExpected = new(
        "UPDATE settings SET value = value + 1 WHERE name = $1 AND value = $2", SqlType.Text, SqlType.Int64);

    private static readonly Statement AdvanceAny = new("UPDATE settings SET value = value + 1 WHERE name = $1", SqlType.Text);

    public static async Task<long> GetAsync(IDatabase database, string name, CancellationToken cancellationToken) =>
        await database.FindAsync<long?>(Read.With(name), row => row.Int64(0), cancellationToken) ??
        throw new InvalidOperationException($"setting {name} is missing: the database was not migrated");

    /// <summary>Changes a row only while the value is still <paramref name="expected"/>.</summary>
    public static SqlCall AdvanceFrom(string name, long expected) => AdvanceExpected.With(name, expected);

    /// <summary>Changes the row whatever the value is, and holds it to the end of the transaction.</summary>
    public static SqlCall Advance(string name) => AdvanceAny.With(name);
}
