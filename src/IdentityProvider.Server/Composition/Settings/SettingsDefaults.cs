using IdentityProvider.Protocol.Configuration;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Defaults that depend on the environment, and paths that start from the data folder. Applied before options are validated.</summary>
internal static class SettingsDefaults
{
    public static void Apply(object options, bool isDevelopment, string dataFolder)
    {
        if (options is KeyOptions keys)
        {
            Apply(keys, isDevelopment, dataFolder);
        }
    }

    private static void Apply(KeyOptions keys, bool isDevelopment, string dataFolder)
    {
        if (isDevelopment && keys.MasterKey is null && keys.MasterKeyFile is null)
        {
            (keys.MasterKeyFile, keys.CreateMissingMasterKey) = ("master.key", true);
        }

        keys.MasterKeyFile = FromFolder(keys.MasterKeyFile, dataFolder);
        keys.PreviousMasterKeyFile = FromFolder(keys.PreviousMasterKeyFile, dataFolder);
    }

    private static string? FromFolder(string? path, string dataFolder) => path is null ? null : Path.GetFullPath(path, dataFolder);
}
