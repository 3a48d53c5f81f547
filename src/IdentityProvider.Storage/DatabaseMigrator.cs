using IdentityProvider.Storage.PostgreSql;
using IdentityProvider.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace IdentityProvider.Storage;

/// <summary>
/// Brings the database to the schema of this version: at start and by the <c>migrate</c> command. Safe on many nodes and processes at
/// once: one migrates, the others wait and then find nothing left to do.
/// </summary>
public sealed class DatabaseMigrator
{
    private readonly IDbContextFactory<IdentityProviderDbContext> _contexts;
    private readonly IServiceProvider _services;

    internal DatabaseMigrator(IDbContextFactory<IdentityProviderDbContext> contexts, IServiceProvider services)
    {
        _contexts = contexts;
        _services = services;
    }

    /// <summary>Names of the migrations that the database lacks, oldest first; all of them when there is no database yet.</summary>
    public async Task<IReadOnlyList<string>> GetPendingAsync(CancellationToken cancellationToken)
    {
        if (await MigrationHistory.IsCompleteAsync(_services, cancellationToken))
        {
            return [];
        }

        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        return [.. await context.Database.GetPendingMigrationsAsync(cancellationToken)];
    }

    /// <summary>Applies what is pending; creates the SQLite file and its folder (readable by their owner only) when they are missing.</summary>
    /// <returns>Names of the migrations that were applied, oldest first.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        if (await MigrationHistory.IsCompleteAsync(_services, cancellationToken))
        {
            return [];
        }

        await using var guard = await LockAsync(cancellationToken);
        await using var context = await _contexts.CreateDbContextAsync(cancellationToken);
        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            await guard.PrepareAsync(context, cancellationToken);
            await context.Database.MigrateAsync(cancellationToken);
        }

        return pending;
    }

    private async Task<IMigrationLock> LockAsync(CancellationToken cancellationToken) =>
        _services.GetService<SqliteConnections>() is { } sqlite
            ? await SqliteMigrationLock.TakeAsync(sqlite, cancellationToken)
            : await PostgreSqlMigrationLock.TakeAsync(_services.GetRequiredService<NpgsqlDataSource>(), cancellationToken);
}
