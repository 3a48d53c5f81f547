namespace IdentityProvider.Storage;

/// <summary>Held while a process migrates; let go of by the operating system or the database when it dies.</summary>
internal interface IMigrationLock : IAsyncDisposable
{
    /// <summary>Before migrations are applied.</summary>
    Task PrepareAsync(IdentityProviderDbContext context, CancellationToken cancellationToken);
}
