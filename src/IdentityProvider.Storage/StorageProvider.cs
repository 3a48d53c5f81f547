namespace IdentityProvider.Storage;

/// <summary>The databases we run on.</summary>
public enum StorageProvider
{
    /// <summary>One file, one node. The default.</summary>
    Sqlite,

    /// <summary>A server that many nodes share.</summary>
    PostgreSql,
}
