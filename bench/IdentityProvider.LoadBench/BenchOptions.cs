namespace IdentityProvider.LoadBench;

/// <summary>What comes before the mode on the command line.</summary>
/// <param name="PostgreSql"><c>--postgresql</c>: over a PostgreSQL of its own, whose CPU counts as well.</param>
/// <param name="Against"><c>--against FILE</c>: the DLL of another build of the server, measured in turns with this one.</param>
internal sealed record BenchOptions(bool PostgreSql, string? Against)
{
    /// <summary>Options and what follows them.</summary>
    public static (BenchOptions Options, string[] Mode) Parse(string[] args)
    {
        var options = new BenchOptions(PostgreSql: false, Against: null);
        while (true)
        {
            switch (args)
            {
                case ["--postgresql", .. var rest]:
                    (options, args) = (options with { PostgreSql = true }, rest);
                    break;
                case ["--against", var file, .. var rest]:
                    (options, args) = (options with { Against = Path.GetFullPath(file) }, rest);
                    break;
                default:
                    return (options, args);
            }
        }
    }
}
