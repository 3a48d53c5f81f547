using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using SQLitePCL;

namespace IdentityProvider.Storage.Sqlite;

/// <summary>
/// Binds Microsoft.Data.Sqlite to the system's SQLite. The package registry this product must build from has SQLitePCLRaw 2.0.6 only, and
/// Microsoft.Data.Sqlite asks for a later assembly version of it: the handler lets the older one answer. On a full registry it never fires.
/// </summary>
internal static class SqliteBinding
{
    /// <summary>3.38: the first with <c>-&gt;&gt;</c>, without which Entity Framework's JSON queries are syntax errors.</summary>
    public const int LeastVersion = 3_038_000;

    private const string CoreAssembly = "SQLitePCLRaw.core";
    private static readonly Lock Guard = new();
    private static bool _bound;

    /// <summary>Before any other code of this assembly, for a failed assembly bind is remembered by the process.</summary>
    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "must run before the first use of Microsoft.Data.Sqlite")]
    internal static void Initialize() => AssemblyLoadContext.Default.Resolving += ResolveCore;

    /// <summary>Chooses the native library and refuses one that is too old. Idempotent; called before the first connection.</summary>
    /// <exception cref="PlatformNotSupportedException">There is no usable SQLite on this machine.</exception>
    public static void Bind()
    {
        lock (Guard)
        {
            if (!_bound)
            {
                BindOnce();
                _bound = true;
            }
        }
    }

    /// <summary>A method of its own, so that SQLitePCLRaw is not looked up before <see cref="Initialize"/> has run.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void BindOnce()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, ResolveNative);
        int version;
        try
        {
            raw.SetProvider(new SQLite3Provider_e_sqlite3());
            version = raw.sqlite3_libversion_number();
        }
        catch (DllNotFoundException exception)
        {
            throw new PlatformNotSupportedException("SQLite is not installed: libsqlite3.so.0 was not found.", exception);
        }

        if (version < LeastVersion)
        {
            throw new PlatformNotSupportedException($"SQLite {raw.sqlite3_libversion().utf8_to_string()} is too old: 3.38 or later is needed.");
        }
    }

    private static Assembly? ResolveCore(AssemblyLoadContext context, AssemblyName name) =>
        name.Version is not null && string.Equals(name.Name, CoreAssembly, StringComparison.Ordinal)
            ? context.LoadFromAssemblyName(new AssemblyName(CoreAssembly))
            : null;

    /// <summary>The system's library under its own name; zero falls back to one shipped beside us.</summary>
    private static nint ResolveNative(string library, Assembly assembly, DllImportSearchPath? path)
    {
        if (!string.Equals(library, "e_sqlite3", StringComparison.Ordinal))
        {
            return 0;
        }

        foreach (var candidate in (string[])["libsqlite3.so.0", "libsqlite3.dylib", "winsqlite3"])
        {
            if (NativeLibrary.TryLoad(candidate, assembly, DllImportSearchPath.SafeDirectories, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }
}
