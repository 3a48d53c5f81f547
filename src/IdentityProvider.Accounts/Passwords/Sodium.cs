using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>Argon2id from libsodium: RFC 9106 §3.1, strings as the reference implementation writes them.</summary>
internal static partial class Sodium
{
    private const string Library = "libsodium";
    private const int Argon2id13 = 2;

    /// <summary>crypto_pwhash_STRBYTES.</summary>
    private const int StringBytes = 128;

    private static readonly Lazy<bool> Available = new(Load);

    /// <summary>Whether the library was found. Found once for the process.</summary>
    public static bool IsAvailable => Available.Value;

    /// <summary>A new string with a salt of its own.</summary>
    /// <param name="password">UTF-8.</param>
    /// <param name="passes">Number of passes over the memory.</param>
    /// <param name="memory">Bytes.</param>
    /// <exception cref="CryptographicException">The memory could not be had.</exception>
    public static string Hash(ReadOnlySpan<byte> password, ulong passes, nuint memory)
    {
        Span<byte> output = stackalloc byte[StringBytes];
        if (HashString(output, password, (ulong)password.Length, passes, memory, Argon2id13) != 0)
        {
            throw new CryptographicException("Argon2id could not get its memory.");
        }

        return Encoding.ASCII.GetString(output[..output.IndexOf((byte)0)]);
    }

    public static bool Verify(string hash, ReadOnlySpan<byte> password) =>
        TryTerminate(hash, out var text) && VerifyString(text, password, (ulong)password.Length) == 0;

    /// <summary>Whether the string was made with other parameters than these.</summary>
    public static bool NeedsRehash(string hash, ulong passes, nuint memory) =>
        TryTerminate(hash, out var text) && StringNeedsRehash(text, passes, memory) != 0;

    private static bool TryTerminate(string hash, out byte[] text)
    {
        text = new byte[StringBytes];
        return hash.Length < StringBytes && Encoding.ASCII.TryGetBytes(hash, text, out _);
    }

    private static bool Load()
    {
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, Resolve);
        try
        {
            return Initialize() >= 0;
        }
        catch (DllNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Debian 13 and 12 name the file by its version; the <c>libsodium</c> package and other systems do not.</summary>
    private static nint Resolve(string name, System.Reflection.Assembly assembly, DllImportSearchPath? path)
    {
        if (!string.Equals(name, Library, StringComparison.Ordinal))
        {
            return nint.Zero;
        }

        foreach (var file in (ReadOnlySpan<string>)["libsodium.so.26", "libsodium.so.23", Library])
        {
            if (NativeLibrary.TryLoad(file, assembly, path, out var handle))
            {
                return handle;
            }
        }

        return nint.Zero;
    }

    [LibraryImport(Library, EntryPoint = "sodium_init")]
    private static partial int Initialize();

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_alg")]
    private static partial int HashString(
        Span<byte> output, ReadOnlySpan<byte> password, ulong passwordLength, ulong passes, nuint memory, int algorithm);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_verify")]
    private static partial int VerifyString(ReadOnlySpan<byte> text, ReadOnlySpan<byte> password, ulong passwordLength);

    [LibraryImport(Library, EntryPoint = "crypto_pwhash_str_needs_rehash")]
    private static partial int StringNeedsRehash(ReadOnlySpan<byte> text, ulong passes, nuint memory);
}
