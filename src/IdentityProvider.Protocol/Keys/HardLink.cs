using System.Runtime.InteropServices;

namespace IdentityProvider.Protocol.Keys;

/// <summary>Gives a finished file its name, unless the name is taken. Of many that try at once exactly one succeeds.</summary>
/// <remarks>
/// On Unix File.Move without overwriting asks first whether the name is free and renames then, which replaces what came between the two.
/// link(2) asks and takes in one step.
/// </remarks>
internal static partial class HardLink
{
    private const int EEXIST = 17;

    /// <summary>The draft's own name is gone, or left for the caller to remove. Where the file system has no hard links, as File.Move does it.</summary>
    /// <exception cref="IOException">The name is taken, or the file cannot be moved.</exception>
    public static void Move(string draft, string path)
    {
        if (OperatingSystem.IsWindows())
        {
            File.Move(draft, path, overwrite: false);
            return;
        }

        if (Link(draft, path) == 0)
        {
            return;
        }

        if (Marshal.GetLastPInvokeError() == EEXIST)
        {
            throw new IOException($"The file {path} is there already.");
        }

        File.Move(draft, path, overwrite: false);
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);
}
