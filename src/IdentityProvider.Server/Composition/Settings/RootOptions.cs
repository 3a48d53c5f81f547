namespace IdentityProvider.Server.Composition.Settings;

/// <summary>What stands directly under <c>IdentityProvider</c>.</summary>
internal sealed class RootOptions
{
    /// <summary>
    /// The issuer identifier, exactly as clients and APIs know it: <c>https</c>, no slash at the end (RFC 8414 §2). Required outside
    /// Development; there the default is <c>http://localhost:5080</c>. With a path, everything is served under that path.
    /// </summary>
    public string? Issuer { get; set; }

    /// <summary>
    /// Folder that relative paths of the other settings start from: the SQLite file, the master key. In Development the default is
    /// <c>data</c> at the top of the repository, or beside the program when there is no repository; elsewhere the folder of the program.
    /// </summary>
    public string? DataFolder { get; set; }
}
