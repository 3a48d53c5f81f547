using IdentityProvider.Accounts;
using IdentityProvider.Storage.PostgreSql;
using IdentityProvider.Storage.Rows;
using IdentityProvider.Storage.Sqlite;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace IdentityProvider.Storage;

/// <summary>
/// The one context: the schema of both databases, and the way people and their sign-in means are managed. What machines hammer goes past
/// it through prepared statements (architecture, "Speed is designed in"). Get it from <see cref="IDbContextFactory{TContext}"/>.
/// </summary>
/// <param name="options">Made by <see cref="StorageRegistration"/>.</param>
public sealed class IdentityProviderDbContext(DbContextOptions<IdentityProviderDbContext> options)
    : IdentityUserContext<Account, string>(options)
{
    public override int SaveChanges(bool acceptAllChangesOnSuccess)
    {
        if (FindGate() is not { } gate)
        {
            return base.SaveChanges(acceptAllChangesOnSuccess);
        }

        gate.Enter();
        try
        {
            return base.SaveChanges(acceptAllChangesOnSuccess);
        }
        finally
        {
            gate.Leave();
        }
    }

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        if (FindGate() is not { } gate)
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }

        await gate.EnterAsync(cancellationToken);
        try
        {
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally
        {
            gate.Leave();
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        if (Database.IsSqlite())
        {
            SqliteConventions.Apply(configurationBuilder);
        }
        else
        {
            PostgreSqlConventions.Apply(configurationBuilder);
        }
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        var isPostgreSql = Database.IsNpgsql();
        builder.ApplyConfiguration(new AccountMapping());
        builder.Entity<Account>().Property(row => row.Claims).IsJson(isPostgreSql);
        builder.ApplyConfiguration(new PasskeyRow.Mapping());
        builder.ApplyConfiguration(new ClientRow.Mapping(isPostgreSql));
        builder.ApplyConfiguration(new ClientSecretRow.Mapping());
        builder.ApplyConfiguration(new InitialAccessTokenRow.Mapping());
        builder.ApplyConfiguration(new ScopeRow.Mapping(isPostgreSql));
        builder.ApplyConfiguration(new ResourceRow.Mapping(isPostgreSql));
        builder.ApplyConfiguration(new ConsentRow.Mapping());
        builder.ApplyConfiguration(new SessionRow.Mapping());
        builder.ApplyConfiguration(new GrantRow.Mapping());
        builder.ApplyConfiguration(new DeviceAuthorizationRow.Mapping());
        builder.ApplyConfiguration(new AttemptRow.Mapping());
        builder.ApplyConfiguration(new UsedJtiRow.Mapping());
        builder.ApplyConfiguration(new DeviceRow.Mapping());
        builder.ApplyConfiguration(new TotpRow.Mapping());
        builder.ApplyConfiguration(new RecoveryCodeRow.Mapping());
        builder.ApplyConfiguration(new KeyRow.Mapping());
        builder.ApplyConfiguration(new StatusListRow.Mapping());
        builder.ApplyConfiguration(new RevokedStatusRow.Mapping());
        builder.ApplyConfiguration(new OutboxRow.Mapping());
        builder.ApplyConfiguration(new AuditEventRow.Mapping());
        builder.ApplyConfiguration(new SettingRow.Mapping());
        SnakeCaseNames.Apply(builder);
    }

    /// <summary>On SQLite a save waits its turn with the writer of the stores: <see cref="SqliteWriteGate"/>.</summary>
    private SqliteWriteGate? FindGate() => Database.IsSqlite() ? this.GetService<SqliteWriteGate>() : null;
}
