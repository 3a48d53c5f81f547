using System.Data.Common;
using System.Reflection;
using IdentityProvider.Storage.Sqlite;
using IdentityProvider.Storage.Statements;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Storage;

/// <summary>
/// Whether every migration of this version was applied, without Entity Framework: building its model costs most of a start, and nearly
/// every start finds nothing to do.
/// </summary>
internal static class MigrationHistory
{
    private static readonly Statement Applied = new("SELECT \"MigrationId\" FROM \"__EFMigrationsHistory\"");

    public static async Task<bool> IsCompleteAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var sqlite = services.GetService<SqliteConnections>();
        if (sqlite is not null && !File.Exists(sqlite.DataSource))
        {
            // Opening would make it, readable by everybody; the migration makes it for its owner.
            return false;
        }

        try
        {
            var applied = await services.GetRequiredService<IDatabase>().ListAsync(Applied.With(), row => row.Text(0), cancellationToken);
            var assembly = sqlite is null ? MigrationAssemblies.PostgreSql : MigrationAssemblies.Sqlite;
            return KnownIn(assembly).All(applied.ToHashSet(StringComparer.Ordinal).Contains);
        }
        catch (DbException)
        {
            // No file, no table, or no database that answers: Entity Framework finds out which.
            return false;
        }
    }

    private static IEnumerable<string> KnownIn(string assembly) => Assembly.Load(assembly).GetTypes()
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id)
        .OfType<string>();
}
