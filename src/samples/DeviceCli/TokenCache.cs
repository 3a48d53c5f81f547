using System.Text.Json;

namespace DeviceCli;

/// <summary>
/// The tokens in a file that only its owner can read: mode 0600 in a folder of mode 0700. On Windows the profile folder's access list
/// says the same. A keychain (libsecret, Keychain, DPAPI) is better where there is one.
/// </summary>
internal sealed class TokenCache(string path)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Path => path;

    /// <summary>Null: nobody is signed in.</summary>
    /// <exception cref="CliException">Others can read the file, or it is broken.</exception>
    public CachedTokens? Read()
    {
        if (!File.Exists(path))
        {
            return null;
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new CliException($"Others may have read {path}. Do: chmod 600 {path}, logout, login.");
        }

        try
        {
            return JsonSerializer.Deserialize<CachedTokens>(File.ReadAllText(path));
        }
        catch (JsonException)
        {
            throw new CliException($"{path} is broken. Delete it, then: login.");
        }
    }

    /// <summary>Replaces the file as a whole: nobody ever sees half of it, or sees it before its mode is set.</summary>
    public void Write(CachedTokens tokens)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!;
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnerOnly | UnixFileMode.UserExecute);
            options.UnixCreateMode = OwnerOnly;
        }

        var temporary = $"{path}.{Environment.ProcessId}";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, options))
        {
            JsonSerializer.Serialize(file, tokens);
        }

        File.Move(temporary, path, overwrite: true);
    }

    public void Delete()
    {
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }
}
