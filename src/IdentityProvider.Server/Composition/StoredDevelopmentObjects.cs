using System.Data.Common;
using IdentityProvider.Accounts;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Server.Composition.Settings;
using IdentityProvider.Storage;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// A database that Development used: its accounts and the samples' clients have secrets that everybody knows, so no other environment
/// starts on it.
/// </summary>
internal static class StoredDevelopmentObjects
{
    /// <summary>
    /// The same before anything was started, so that problems of the settings and of the database stand in one list. Empty when the
    /// database cannot be looked at: then that is the problem, and it is told elsewhere.
    /// </summary>
    public static async Task<IReadOnlyList<string>> FindAsync(ServerSettings settings, CancellationToken cancellationToken)
    {
        if (settings.Get<StorageOptions>().Validate().Any())
        {
            return [];
        }

        await using var services = new ServiceCollection().AddLogging().AddState(settings).BuildServiceProvider();
        try
        {
            var pending = await services.GetRequiredService<DatabaseMigrator>().GetPendingAsync(cancellationToken);
            return pending.Count > 0 ? [] : await FindAsync(services, cancellationToken);
        }
        catch (Exception exception) when (exception is DbException or PlatformNotSupportedException)
        {
            return [];
        }
    }

    public static async Task<IReadOnlyList<string>> FindAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var catalog = services.GetRequiredService<ICatalogStore>();
        await catalog.RefreshAsync(cancellationToken);
        var accounts = await services.GetRequiredService<IAccountMarkStore>()
            .FindMarkedAsync(AccountMarks.DeclaredIn, AccountMarks.Development, cancellationToken);
        return
        [
            .. catalog.Current.Clients.Where(DevelopmentSecrets.IsKnown)
                .Select(client => $"The database has client {client.ClientId} with a secret of the samples, known to everybody."),
            .. accounts.Select(name => $"The database has account {name}, declared in Development, with a password known to everybody."),
        ];
    }
}
