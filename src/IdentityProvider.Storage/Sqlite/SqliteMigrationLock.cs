using Microsoft.EntityFrameworkCore;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>
/// A lock file beside the database. Entity Framework's own lock is a row, which stays when the process that holds it is killed and then
/// stops every later start; who has the file knows that such a row is a leftover.
/// </summary>
internal sealed class SqliteMigrationLock : IMigrationLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private readonly FileStream _file;

    private SqliteMigrationLock(FileStream file) => _file = file;

    public static async Task<SqliteMigrationLock> TakeAsync(SqliteConnections connections, CancellationToken cancellationToken)
    {
        CreateFile(connections.DataSource);
        while (true)
        {
            try
            {
                return new SqliteMigrationLock(OpenPrivately(connections.DataSource + ".migrating", FileShare.None));
            }
            catch (IOException)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public async Task PrepareAsync(IdentityProviderDbContext context, CancellationToken cancellationToken)
    {
        // Persistent: written into the file once and for all connections.
        await context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancellationToken);
        await context.Database.ExecuteSqlRawAsync("DROP TABLE IF EXISTS \"__EFMigrationsLock\"", cancellationToken);
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private static void CreateFile(string path)
    {
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        // SQLite gives its journal files the rights of this one. A file that is there is not opened: closing it would drop the locks that
        // SQLite holds on it in this process (POSIX).
        if (!File.Exists(path))
        {
            OpenPrivately(path, FileShare.ReadWrite).Dispose();
        }
    }

    private static FileStream OpenPrivately(string path, FileShare share)
    {
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
