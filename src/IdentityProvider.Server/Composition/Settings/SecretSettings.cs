using System.Data.Common;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Which settings hold secrets: they are never taken from the command line, which everybody on the machine can read.</summary>
internal static class SecretSettings
{
    /// <summary>What is wrong with one there.</summary>
    public const string OnCommandLine =
        "is a secret, and everybody on this machine can read command lines; give it in a file or as an environment variable.";

    private static readonly string[] Endings = ["secret", "secrets", "password", "master_key"];

    /// <summary>Whether the value is a secret, or has one in it.</summary>
    public static bool Is(SettingsNode setting, string value) =>
        Endings.Any(ending => setting.Name.EndsWith(ending, StringComparison.Ordinal)) && setting.Type != typeof(bool)
        || string.Equals(setting.Name, "connection_string", StringComparison.Ordinal) && HasPassword(value);

    /// <summary>Whether a setting of the host is one: <c>Kestrel:Certificates:Default:Password</c>.</summary>
    public static bool IsOfHost(string name) => name.EndsWith("password", StringComparison.OrdinalIgnoreCase);

    private static bool HasPassword(string connectionString)
    {
        try
        {
            var connection = new DbConnectionStringBuilder { ConnectionString = connectionString };
            return connection.Keys!.Cast<string>().Any(key => key.EndsWith("password", StringComparison.OrdinalIgnoreCase) || key is "pwd" or "psw");
        }
        catch (ArgumentException)
        {
            return true; // not to be read, so nobody can say that it has none
        }
    }
}
