using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Composition;

/// <summary>The command line: a command, our options, and pairs that are left to the host (<c>--urls</c>, <c>--Kestrel:...</c>).</summary>
/// <param name="Command">A word of <see cref="StartCommands"/>.</param>
/// <param name="Rest">Words after the command, such as <c>list</c> of <c>keys list</c>.</param>
/// <param name="ConfigFiles">Values of <c>--config</c>, in order.</param>
/// <param name="Settings">All other pairs, names without dashes.</param>
/// <param name="Problems">What cannot be understood.</param>
internal sealed record StartArguments(
    string Command,
    IReadOnlyList<string> Rest,
    IReadOnlyList<string> ConfigFiles,
    IReadOnlyList<KeyValuePair<string, string>> Settings,
    IReadOnlyList<string> Problems)
{
    private const string Config = "config";

    /// <summary>Ours, and what the host reads from the command line. Others are misspellings, and those should not be ignored.</summary>
    private static readonly string[] Known =
    [
        Config, "urls", "http_ports", "https_ports", "environment", "contentRoot", "applicationName", "hostBuilder", "shutdownTimeoutSeconds",
        "preventHostingStartup", "AllowedHosts", "Kestrel", "Logging", "Serilog", "IdentityProvider",
    ];

    /// <summary>Pairs in the form the host reads.</summary>
    public string[] ForHost => [.. Settings.Select(pair => $"--{pair.Key}={pair.Value}")];

    public static StartArguments Parse(IReadOnlyList<string> args)
    {
        var words = new List<string>();
        var files = new List<string>();
        var settings = new List<KeyValuePair<string, string>>();
        var problems = new List<string>();
        var command = (string?)null;
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] is "--help" or "-h" or "-?")
            {
                command = StartCommands.Help;
            }
            else if (args[i] is "--version")
            {
                command ??= StartCommands.Version;
            }
            else if (!args[i].StartsWith("--", StringComparison.Ordinal) || BelongsToCommand(words, args[i]))
            {
                words.Add(args[i]);
            }
            else if (TryReadPair(args, ref i, problems, out var name, out var value))
            {
                if (string.Equals(name, Config, StringComparison.OrdinalIgnoreCase))
                {
                    files.Add(Path.GetFullPath(value));
                }
                else
                {
                    settings.Add(KeyValuePair.Create(name, value));
                }
            }
        }

        command ??= words.Count == 0 ? StartCommands.Run : words[0];
        if (!StartCommands.All.Contains(command, StringComparer.Ordinal))
        {
            problems.Add($"{command} is no command{Hint(command, StartCommands.All)}");
        }

        return new StartArguments(command, [.. words.Skip(1)], files, settings, problems);
    }

    /// <summary>Options of <c>keys rotate --alg RS256</c> and the like are the command's own, except ours.</summary>
    private static bool BelongsToCommand(List<string> words, string option) =>
        words is [StartCommands.Keys or StartCommands.Deliveries or StartCommands.Registration, _, ..]
        && !Known.Contains(NameOf(option).Split(':')[0], StringComparer.OrdinalIgnoreCase);

    private static string NameOf(string option) => option[2..].Split('=', 2)[0];

    private static bool TryReadPair(IReadOnlyList<string> args, ref int i, List<string> problems, out string name, out string value)
    {
        var equals = args[i].IndexOf('=', StringComparison.Ordinal);
        name = NameOf(args[i]);
        value = string.Empty;
        var root = name.Split(':')[0];
        if (!Known.Contains(root, StringComparer.OrdinalIgnoreCase))
        {
            problems.Add($"--{name} is no option{Hint(root, Known)}");
            return false;
        }

        if (equals < 0 && i + 1 >= args.Count)
        {
            problems.Add($"--{name} lacks its value.");
            return false;
        }

        value = equals < 0 ? args[++i] : args[i][(equals + 1)..];
        return true;
    }

    private static string Hint(string word, IEnumerable<string> known) =>
        NearestMatch.Find(word, known) is { } nearest ? $"; did you mean {nearest}?" : "; see --help.";
}

/// <summary>What the program can be asked to do.</summary>
internal static class StartCommands
{
    public const string Run = "run";
    public const string Migrate = "migrate";
    public const string Check = "check";
    public const string Keys = "keys";
    public const string Deliveries = "deliveries";
    public const string Registration = "registration";
    public const string Accounts = "accounts";
    public const string Help = "help";
    public const string Version = "version";

    public static IReadOnlyList<string> All { get; } = [Run, Migrate, Check, Keys, Deliveries, Registration, Accounts, Help, Version];
}
