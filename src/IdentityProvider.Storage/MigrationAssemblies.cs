namespace IdentityProvider.Storage;

/// <summary>Where the migrations of each database are compiled; the executable references both.</summary>
internal static class MigrationAssemblies
{
    public const string Sqlite = "IdentityProvider.Migrations.Sqlite";
    public const string PostgreSql = "IdentityProvider.Migrations.PostgreSql";
}
