using System.Runtime.InteropServices;
using IdentityProvider.Server.Composition;

namespace IdentityProvider.Server;

/// <summary>
/// Text that may hold what a stranger sent, made fit for one line of a log: <see cref="LogHygiene"/> for every provider, done only when the
/// line is written.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogText(string Value)
{
    private const int MaxLength = 1000;

    public override string ToString() => LogHygiene.OneLine(Value, MaxLength);
}
