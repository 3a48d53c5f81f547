using System.Data.Common;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Which settings hold secrets: they are never taken from the command line, which everybody on the machine can read.</summary>
internal static class SecretSettings
{
    private static readonly string[] Endings = ["secret", "secrets", "password", "master_key"];

    /// <summary>Whether the value is a secret, or has one in it.</summary>
    public static bool Is(SettingsNode setting, string value) =>
        Endings.Any(ending => setting.Name.EndsWith(ending, StringComparison.Ordinal)) && setting.Type != typeof(bool)
        || string.Equals(setting.Name, "connection_string", StringComparison.Ordinal) && HasPassword(value);

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
