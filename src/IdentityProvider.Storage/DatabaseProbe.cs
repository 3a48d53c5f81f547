using IdentityProvider.Storage.Statements;

namespace IdentityProvider.Storage;

/// <summary>Finds out whether the database takes writes: a full disk or a file system that turned read-only still answers reads.</summary>
public sealed class DatabaseProbe
{
    private static readonly Statement Touch = new(
        "INSERT INTO settings (name, value) VALUES ('probes', 1) ON CONFLICT (name) DO UPDATE SET value = settings.value + 1");

    private readonly IDatabase _database;

    internal DatabaseProbe(IDatabase database) => _database = database;

    /// <summary>Writes, durably, what nobody reads.</summary>
    /// <exception cref="System.Data.Common.DbException">It takes no writes.</exception>
    public Task WriteAsync(CancellationToken cancellationToken) => _database.WriteAsync(Touch.With(), cancellationToken);
}
