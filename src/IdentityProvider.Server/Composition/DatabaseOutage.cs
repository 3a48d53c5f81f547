using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Server.Composition;

/// <summary>Tells a database that does not answer from a statement that is wrong.</summary>
internal static class DatabaseOutage
{
    /// <summary>
    /// SQLITE_BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, FULL, CANTOPEN, PROTOCOL: the file, the disk or another process, not us.
    /// </summary>
    private static readonly int[] SqliteOutages = [5, 6, 7, 8, 9, 10, 13, 14, 15];

    public static bool Is(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is DbException database)
            {
                return database switch
                {
                    SqliteException sqlite => SqliteOutages.Contains(sqlite.SqliteErrorCode),
                    { IsTransient: true } => true,

                    // PostgreSQL: connection exceptions, resources, operator intervention, system error; no state at all: never connected.
                    // 25006 is the answer of a standby, which an address may lead to in the moments of a fail-over.
                    _ => database.SqlState is null or "25006" or ['0', '8', ..] or ['5', '3' or '7' or '8', ..],
                };
            }
        }

        return false;
    }
}
