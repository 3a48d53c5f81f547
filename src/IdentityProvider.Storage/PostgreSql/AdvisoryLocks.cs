namespace IdentityProvider.Storage.PostgreSql;

/// <summary>Keys of <c>pg_advisory_lock</c>: any numbers that nobody else in the database uses.</summary>
internal static class AdvisoryLocks
{
    public const long Migration = 0x6964_7000_0000_0001;
    public const long Cleanup = 0x6964_7000_0000_0002;
}
