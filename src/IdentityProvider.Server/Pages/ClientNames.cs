using System.Globalization;
using IdentityProvider.Protocol.Catalog;

namespace IdentityProvider.Server.Pages;

/// <summary>Clients by name, in the language of the present page; those that are no longer registered by their id.</summary>
internal sealed class ClientNames(ICatalogStore catalog)
{
    public string Of(string clientId) => catalog.Current.FindClient(clientId)?.NameIn(CultureInfo.CurrentUICulture.Name) ?? clientId;
}
