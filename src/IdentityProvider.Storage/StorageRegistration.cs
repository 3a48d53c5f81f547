using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Activity;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Accounts.Recovery;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Storage.Cleanup;
using IdentityProvider.Storage.PostgreSql;
using IdentityProvider.Storage.Sqlite;
using IdentityProvider.Storage.Statements;
using IdentityProvider.Storage.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IdentityProvider.Storage;

/// <summary>Puts the stores of the engine on a database.</summary>
public static class StorageRegistration
{
    /// <summary>
    /// Adds every store, the context (pooled factory, and scoped for ASP.NET Core Identity), <see cref="DatabaseMigrator"/>,
    /// <see cref="DatabaseClock"/>, <see cref="DatabaseProbe"/> and <see cref="ExpiredRowCleanup"/>. Opens nothing yet. Sets Identity's schema to version 2:
    /// passkeys are rows of our own.
    /// </summary>
    /// <exception cref="ArgumentException">The options are not valid; the message has every problem.</exception>
    /// <exception cref="PlatformNotSupportedException">SQLite was asked for and is missing or older than 3.38.</exception>
    public static IServiceCollection AddStorage(this IServiceCollection services, StorageOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Validate().ToList();
        if (problems.Count > 0)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        }

        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        if (options.Provider == StorageProvider.Sqlite)
        {
            AddSqlite(services);
        }
        else
        {
            AddPostgreSql(services, options);
        }

        AddStores(services);
        AddIdentity(services);
        services.AddSingleton(provider => new DatabaseMigrator(
            provider.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>(), provider));
        services.AddSingleton(provider => new DatabaseProbe(provider.GetRequiredService<IDatabase>()));
        services.AddSingleton(provider => new DatabaseClock(
            provider.GetRequiredService<IDatabase>(), options, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new ExpiredRowCleanup(
            provider.GetRequiredService<IDatabase>(),
            provider.GetRequiredService<ICleanupElection>(),
            provider.GetRequiredService<TimeProvider>(),
            options.AuditRetention));
        return services;
    }

    private static void AddSqlite(IServiceCollection services)
    {
        SqliteBinding.Bind();
        services.AddSingleton<SqliteConnections>();
        services.AddSingleton<SqliteWriteGate>();
        services.AddSingleton<SqliteWriter>();
        services.AddSingleton<IDatabase, SqliteDatabase>();
        services.AddSingleton<ICleanupElection, OneNodeElection>();
        services.AddPooledDbContextFactory<IdentityProviderDbContext>((provider, builder) => builder
            .UseSqlite(
                provider.GetRequiredService<SqliteConnections>().ForEntityFramework,
                sqlite => sqlite.MigrationsAssembly(MigrationAssemblies.Sqlite))
            .AddInterceptors(new SqliteDurability(), new EntityFrameworkStatements()));
    }

    private static void AddPostgreSql(IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton(_ => PostgreSqlConnections.Create(options));
        services.AddSingleton(_ => new ConnectionTurns(PostgreSqlConnections.CountOf(options)));
        services.AddSingleton<IDatabase, PostgreSqlDatabase>();
        services.AddSingleton<ICleanupElection, AdvisoryLockElection>();
        services.AddPooledDbContextFactory<IdentityProviderDbContext>((provider, builder) => builder
            .UseNpgsql(
                provider.GetRequiredService<Npgsql.NpgsqlDataSource>(),
                npgsql => npgsql.MigrationsAssembly(MigrationAssemblies.PostgreSql))
            .AddInterceptors(new EntityFrameworkStatements()));
    }

    private static void AddStores(IServiceCollection services)
    {
        services.AddSingleton<IGrantStore, GrantStore>();
        services.AddSingleton<IStatusListStore, StatusListStore>();
        services.AddSingleton<ISessionStore, SessionStore>();
        services.AddSingleton<IOutboxStore, OutboxStore>();
        services.AddSingleton<IConsentStore, ConsentStore>();
        services.AddSingleton<IDeviceAuthorizationStore, DeviceAuthorizationStore>();
        services.AddSingleton<IAttemptStore, AttemptStore>();
        services.AddSingleton<IUsedJtiStore, UsedJtiStore>();
        services.AddSingleton<ICatalogStore, CatalogStore>();
        services.AddSingleton<IClientRegistrationStore, ClientRegistrationStore>();
        services.AddSingleton<IInitialAccessTokenStore, InitialAccessTokenStore>();
        services.AddSingleton<IKeyStore, KeyStore>();
        services.AddSingleton<IAuditTrail, AuditTrail>();
        services.AddSingleton<IChangeRecordStore, ChangeRecordStore>();
        services.AddSingleton<ISubjectDirectory, SubjectDirectory>();
        services.AddSingleton<IAccountMarkStore, AccountMarkStore>();
        services.AddSingleton<IAccountStateStore, AccountStateStore>();
        services.AddSingleton<IAccountRecoveryStore, AccountRecoveryStore>();
        services.AddSingleton<IPasskeyStore, PasskeyStore>();
        services.AddSingleton<IAccountActivity, AccountActivity>();
        services.AddSingleton<ISignInFailureStore, SignInFailureStore>();
        services.AddSingleton<IDeviceStore, DeviceStore>();
        services.AddSingleton<ILinkedIdentityStore, LinkedIdentityStore>();
        services.AddSingleton<IAccountCreationStore, AccountCreationStore>();
        services.AddSingleton<ITotpStore, TotpStore>();
        services.AddSingleton<IRecoveryCodeStore, RecoveryCodeStore>();
        services.AddSingleton<ITelephoneStore, TelephoneStore>();
    }

    private static void AddIdentity(IServiceCollection services)
    {
        // Read from here and from nowhere else: an override in the context is ignored by Identity.
        services.Configure<IdentityOptions>(identity => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version2);
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContext());
        new IdentityBuilder(typeof(Account), services).AddEntityFrameworkStores<IdentityProviderDbContext>();
    }
}
