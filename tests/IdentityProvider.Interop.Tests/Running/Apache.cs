namespace IdentityProvider.Interop.Tests.Running;

/// <summary>
/// Apache from Debian's package apache2-bin, which brings no service and no configuration of its own. In front of the server it ends TLS;
/// beside it, it serves the clients' sites.
/// </summary>
internal static class Apache
{
    private const string Program = "/usr/sbin/apache2";

    /// <param name="folder">Where it may write, and where what it serves is put.</param>
    /// <param name="secrets">Where the key of the certificate stands.</param>
    /// <param name="places">Where it listens.</param>
    /// <param name="secret">The secret of its clients.</param>
    public static async Task<ForeignProgram> StartAsync(string folder, string secrets, Places places, string secret)
    {
        var site = Directory.CreateDirectory(Path.Combine(folder, "site")).FullName;
        var pages = Directory.EnumerateFiles(Path.Combine(ForeignClients.Folder, "Apache", "site"), "*", SearchOption.AllDirectories);
        foreach (var page in pages.Append(Path.Combine(ForeignClients.NodeModules, "oidc-client-ts/dist/browser/oidc-client-ts.min.js")))
        {
            File.Copy(page, Path.Combine(site, Path.GetFileName(page)));
        }

        var environment = new Dictionary<string, string>(places.ToVariables(), StringComparer.Ordinal)
        {
            ["INTEROP_FOLDER"] = folder,
            ["INTEROP_SECRETS"] = secrets,
            ["INTEROP_SECRET"] = secret,
        };
        var apache = ForeignProgram.Start(Program, Arguments(), environment, folder);
        try
        {
            await apache.ReadUntilAsync("resuming normal operations");
            return apache;
        }
        catch
        {
            await apache.DisposeAsync();
            throw;
        }
    }

    // Started by root it must be told whom to become.
    private static IEnumerable<string> Arguments() =>
    [
        "-DFOREGROUND",
        "-f", Path.Combine(ForeignClients.Folder, "Apache", "httpd.conf"),
        .. string.Equals(Environment.UserName, "root", StringComparison.Ordinal) ? ["-DRoot"] : Array.Empty<string>(),
    ];
}
