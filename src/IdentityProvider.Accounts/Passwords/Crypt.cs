using System.Runtime.InteropServices;
using System.Text;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>bcrypt by crypt(3) of the platform: libxcrypt on Linux. Where there is none, its strings do not verify.</summary>
internal static unsafe class Crypt
{
    /// <summary>More than <c>struct crypt_data</c> of any library we know (glibc's old one: 131,232 bytes).</summary>
    private const int DataSize = 256 * 1024;

    /// <summary>bcrypt reads 72 bytes and no more (its documentation); a longer password was cut when the string was made.</summary>
    private const int MaxPassword = 4096;

    private static readonly Lazy<nint> Function = new(Load);

    public static bool IsAvailable => Function.Value != nint.Zero;

    /// <summary>The string that the password gives with the salt and cost of <paramref name="setting"/>; null when it cannot be made.</summary>
    public static string? Hash(ReadOnlySpan<byte> password, string setting)
    {
        // A NUL would end the password early: another one would fit.
        if (!IsAvailable || password.Length > MaxPassword || password.Contains((byte)0))
        {
            return null;
        }

        var phrase = stackalloc byte[MaxPassword + 1];
        password.CopyTo(new Span<byte>(phrase, MaxPassword));
        phrase[password.Length] = 0;
        var text = Encoding.ASCII.GetBytes(setting + "\0");
        var data = NativeMemory.AllocZeroed(DataSize);
        try
        {
            fixed (byte* settings = text)
            {
                var result = ((delegate* unmanaged<byte*, byte*, void*, byte*>)Function.Value)(phrase, settings, data);
                return result == null ? null : Marshal.PtrToStringUTF8((nint)result);
            }
        }
        finally
        {
            NativeMemory.Clear(data, DataSize);
            NativeMemory.Free(data);
            NativeMemory.Clear(phrase, MaxPassword + 1);
        }
    }

    private static nint Load()
    {
        foreach (var name in (ReadOnlySpan<string>)["libcrypt.so.2", "libcrypt.so.1"])
        {
            if (NativeLibrary.TryLoad(name, out var library) && NativeLibrary.TryGetExport(library, "crypt_r", out var function))
            {
                return function;
            }
        }

        return nint.Zero;
    }
}
