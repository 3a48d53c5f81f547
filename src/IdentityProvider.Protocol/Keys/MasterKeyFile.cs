using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Protocol.Keys;

/// <summary>A master key as text or file: 32 bytes in base64 (either alphabet, line breaks around it allowed), in a file also as they are.</summary>
internal static class MasterKeyFile
{
    private const string HowTo = "A master key is 32 random bytes in base64: openssl rand -base64 32";

    /// <exception cref="KeyRingException">The text is not 32 bytes in base64.</exception>
    public static MasterKey Parse(string text, string source)
    {
        var standard = text.Trim().Replace('-', '+').Replace('_', '/').TrimEnd('=');
        var decoded = new byte[((standard.Length + 3) / 4 * 3) + 3];
        try
        {
            return Convert.TryFromBase64String(standard + new string('=', (4 - (standard.Length % 4)) % 4), decoded, out var written)
                && written == MasterKey.Length
                ? Take(decoded.AsSpan(0, written), source)
                : throw new KeyRingException($"The {source} does not hold a master key. {HowTo}");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    /// <exception cref="KeyRingException">The file cannot be read, or does not hold a master key.</exception>
    public static MasterKey Read(string path)
    {
        var source = $"file {path}";
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KeyRingException(
                $"The master key cannot be read from the {source}: {error.Message} Restore it: nothing else opens the keys in the database.", error);
        }

        try
        {
            // 32 letters are a word somebody thought of, not 32 random bytes: these are all printable once in 10^13 times.
            return content.Length == MasterKey.Length && content.AsSpan().ContainsAnyExceptInRange((byte)' ', (byte)'~')
                ? Take(content, source)
                : Parse(Encoding.Latin1.GetString(content), source);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>
    /// Makes the file, readable by its owner only, unless it is there; then reads it. It appears complete or not at all, and of two
    /// processes that make it at once both read the same.
    /// </summary>
    public static MasterKey ReadOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            try
            {
                Create(Path.GetFullPath(path));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new KeyRingException($"The master key file {path} cannot be made: {error.Message}", error);
            }
        }

        return Read(path);
    }

    private static void Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var draft = $"{path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length)) + "\n"));
                file.Flush(flushToDisk: true);
            }

            HardLink.Move(draft, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first; its key counts.
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static MasterKey Take(ReadOnlySpan<byte> key, string source) =>
        key.ContainsAnyExcept((byte)0) ? new MasterKey(key, source) : throw new KeyRingException($"The {source} holds only zeros. {HowTo}");
}
