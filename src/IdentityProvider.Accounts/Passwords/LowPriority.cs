using System.Runtime.InteropServices;

namespace IdentityProvider.Accounts.Passwords;

/// <summary>
/// Lets a thread give way to all others when processors are short. On Linux a nice value belongs to a thread (setpriority(2), "C library/kernel
/// differences"), and .NET's own <see cref="Thread.Priority"/> does nothing there.
/// </summary>
internal static partial class LowPriority
{
    /// <summary>A tenth of the share of an ordinary thread where both want the processor; all of it where nobody else does.</summary>
    private const int Nicer = 10;

    private const int NicestOfAll = 19;
    private const int ThisThread = 0;
    private const int PrioProcess = 0;

    /// <summary>For the calling thread, as long as it lives. Where it cannot be had, all goes on as before.</summary>
    public static void Take()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SetPriority(PrioProcess, ThisThread, Math.Min(GetPriority(PrioProcess, ThisThread) + Nicer, NicestOfAll));
        }
        else
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
    }

    [LibraryImport("libc", EntryPoint = "getpriority")]
    private static partial int GetPriority(int which, int who);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int value);
}
