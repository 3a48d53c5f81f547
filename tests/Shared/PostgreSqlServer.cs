namespace IdentityProvider.Tests.Shared;

/// <summary>
/// The PostgreSQL server of one test run, shared by its tests, which make databases of their own. <c>IDP_TEST_POSTGRES</c> names one that
/// stands already, as a connection string of a role that may create databases.
/// </summary>
internal sealed class PostgreSqlServer
{
    private static readonly Lock Guard = new();
    private static PostgreSqlServer? _shared;
    private static PostgreSqlInstance? _instance; // kept, so that it ends when this process does and not before

    private PostgreSqlServer(string connectionString) => ConnectionString = connectionString;

    /// <summary>A role that may create databases.</summary>
    public string ConnectionString { get; }

    /// <summary>Null when PostgreSQL can be had; else what is missing. In CI it is never null: there the test fails instead.</summary>
    public static string? FindObstacle() => OverrideConnection() is not null ? null : FindInstallObstacle();

    /// <summary>The same for tests that need a server of their own.</summary>
    public static string? FindInstallObstacle() =>
        IsCi() || PostgreSqlInstance.IsInstalled
            ? null
            : "PostgreSQL is not installed (initdb and pg_ctl were not found) and IDP_TEST_POSTGRES is not set";

    /// <summary>The one server of this test run; stopped when the process ends.</summary>
    public static PostgreSqlServer Shared
    {
        get
        {
            lock (Guard)
            {
                return _shared ??= Start();
            }
        }
    }

    private static PostgreSqlServer Start()
    {
        if (OverrideConnection() is { } connectionString)
        {
            return new PostgreSqlServer(connectionString);
        }

        _instance = PostgreSqlInstance.Create();
        return new PostgreSqlServer(_instance.ConnectionString);
    }

    private static string? OverrideConnection() => Environment.GetEnvironmentVariable("IDP_TEST_POSTGRES") is { Length: > 0 } value ? value : null;

    private static bool IsCi() => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.Ordinal);
}
