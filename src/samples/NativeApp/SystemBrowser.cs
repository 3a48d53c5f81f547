using System.ComponentModel;
using System.Diagnostics;

namespace NativeApp;

/// <summary>
/// The browser the person uses anyway, never a view inside the app: the app cannot read what is typed there, and someone who is signed
/// in already is not asked again (RFC 8252 §8.12).
/// </summary>
internal static class SystemBrowser
{
    public static void Open(Uri address)
    {
        Console.WriteLine("Sign in with your browser. If it does not open by itself, open:");
        Console.WriteLine(address.AbsoluteUri);
        try
        {
            // An argument of its own, never part of a shell's command line.
            using var opened = OperatingSystem.IsWindows()
                ? Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true })
                : Process.Start(new ProcessStartInfo(OperatingSystem.IsMacOS() ? "open" : "xdg-open")
                {
                    ArgumentList = { address.AbsoluteUri },
                    UseShellExecute = false,
                    RedirectStandardError = true,
                });
        }
        catch (Win32Exception)
        {
            // No browser here: the address is on the screen.
        }
    }
}
