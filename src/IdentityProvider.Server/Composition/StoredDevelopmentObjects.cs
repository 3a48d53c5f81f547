using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// A database that Development used: its accounts and the samples' clients have secrets that everybody knows, so no other environment
/// starts on it.
/// </summary>
internal static class StoredDevelopmentObjects
{
    public static async Task<IReadOnlyList<string>> FindAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var catalog = services.GetRequiredService<ICatalogStore>();
        await catalog.RefreshAsync(cancellationToken);
        await using var scope = services.CreateAsyncScope();
        var accounts = await scope.ServiceProvider.GetRequiredService<DeclaredAccounts>().FindFromDevelopmentAsync();
        return
        [
            .. catalog.Current.Clients.Where(DevelopmentSecrets.IsKnown)
                .Select(client => $"The database has client {client.ClientId} with a secret of the samples, known to everybody."),
            .. accounts.Select(name => $"The database has account {name}, declared in Development, with a password known to everybody."),
        ];
    }
}
