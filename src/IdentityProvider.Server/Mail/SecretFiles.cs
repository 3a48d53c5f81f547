namespace IdentityProvider.Server.Mail;

/// <summary>Files that hold links and codes which act for people: in a folder for our own user only.</summary>
internal static class SecretFiles
{
    /// <summary>Writes or replaces a whole file; whoever watches the folder sees whole files only. One line for the operator, or null when it is done.</summary>
    public static async Task<string?> TryWriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        try
        {
            CreateFolder(Path.GetDirectoryName(path)!);
            var hidden = path + ".part";
            await using (var file = new FileStream(hidden, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(content, cancellationToken);
                file.Flush(flushToDisk: true);
            }

            File.Move(hidden, path, overwrite: true);
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "the file could not be written: " + exception.GetType().Name;
        }
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
