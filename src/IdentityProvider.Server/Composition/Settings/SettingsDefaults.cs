using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Redis;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Mail;
using IdentityProvider.Server.Sms;
using IdentityProvider.Server.Theming;
using IdentityProvider.Storage;
using Microsoft.Data.Sqlite;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Defaults that depend on the environment, and paths that start from the data folder. Applied before options are validated.</summary>
internal static class SettingsDefaults
{
    public static void Apply(object options, bool isDevelopment, string dataFolder)
    {
        switch (options)
        {
            case KeyOptions keys:
                Apply(keys, isDevelopment, dataFolder);
                break;
            case StorageOptions storage:
                Apply(storage, isDevelopment, dataFolder);
                break;
            case RedisOptions redis:
                Apply(redis, isDevelopment, dataFolder);
                break;
            case ThemeOptions theme:
                Apply(theme, dataFolder);
                break;
            case LanguagesOptions languages:
                languages.Folder = Path.GetFullPath(languages.Folder, dataFolder);
                break;
            case SmsOptions sms:
                sms.Folder = Path.GetFullPath(sms.Folder, dataFolder);
                break;
            case MailOptions mail:
                Apply(mail, isDevelopment, dataFolder);
                break;
            case UpstreamProvider provider:
                provider.PrivateKeyFile = FromFolder(provider.PrivateKeyFile, dataFolder);
                break;
        }
    }

    private static void Apply(StorageOptions storage, bool isDevelopment, string dataFolder)
    {
        storage.MigrateAtStart ??= isDevelopment;
        if (storage.Provider != StorageProvider.Sqlite)
        {
            return;
        }

        if (isDevelopment && storage.ConnectionString.Length == 0)
        {
            storage.ConnectionString = "Data Source=identity.db";
        }

        try
        {
            var connection = new SqliteConnectionStringBuilder(storage.ConnectionString);
            var isPath = connection.DataSource.Length > 0 && connection.DataSource[0] != ':'
                && !connection.DataSource.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
            if (isPath)
            {
                connection.DataSource = Path.GetFullPath(connection.DataSource, dataFolder);
                storage.ConnectionString = connection.ConnectionString;
            }
        }
        catch (ArgumentException)
        {
            // Validate() says so.
        }
    }

    private static void Apply(RedisOptions redis, bool isDevelopment, string dataFolder)
    {
        redis.AllowUnencrypted ??= isDevelopment;
        redis.CaFile = FromFolder(redis.CaFile, dataFolder);
        redis.CertificateFile = FromFolder(redis.CertificateFile, dataFolder);
        redis.CertificateKeyFile = FromFolder(redis.CertificateKeyFile, dataFolder);
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

    private static void Apply(MailOptions mail, bool isDevelopment, string dataFolder)
    {
        mail.From ??= isDevelopment ? "no-reply@localhost" : null;
        mail.Folder = Path.GetFullPath(mail.Folder, dataFolder);
        mail.CaFile = FromFolder(mail.CaFile, dataFolder);
    }

    private static void Apply(ThemeOptions theme, string dataFolder)
    {
        theme.LogoFile = FromFolder(theme.LogoFile, dataFolder);
        theme.DarkLogoFile = FromFolder(theme.DarkLogoFile, dataFolder);
        theme.IconFile = FromFolder(theme.IconFile, dataFolder);
        theme.FontFile = FromFolder(theme.FontFile, dataFolder);
        theme.BoldFontFile = FromFolder(theme.BoldFontFile, dataFolder);
    }

    private static string? FromFolder(string? path, string dataFolder) => path is null ? null : Path.GetFullPath(path, dataFolder);
}
