using IdentityProvider.Protocol.Catalog;

namespace IdentityProvider.Server.Pages;

/// <summary>Clients by name; those that are no longer registered by their id.</summary>
internal sealed class ClientNames(ICatalogStore catalog)
{
    public string Of(string clientId) => catalog.Current.FindClient(clientId)?.DisplayName ?? clientId;
}
