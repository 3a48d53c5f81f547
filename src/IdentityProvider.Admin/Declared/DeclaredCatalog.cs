using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Admin.Declared;

/// <summary>Declared clients, scopes and resources, with the standard scopes, into the catalog. What is there already is not written again.</summary>
public sealed class DeclaredCatalog(ICatalogStore catalog, TimeProvider clock)
{
    public Task SaveAsync(DeclaredObjects declared, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(declared);
        Client[] clients = [.. declared.Clients.Select(DeclaredClientMapping.ToClient)];
        Scope[] scopes = [.. StandardScopes.All, .. declared.Scopes.Select(ToScope)];
        ApiResource[] resources = [.. declared.Resources.Select(ToResource)];
        return catalog.SaveAsync(clients, scopes, resources, clock.GetUtcNow(), cancellationToken);
    }

    private static Scope ToScope(DeclaredScope declared) => new()
    {
        Name = declared.Name,
        DisplayName = declared.DisplayName,
        Description = declared.Description,
        LocalizedTexts = declared.LocalizedTexts,
        Claims = declared.Claims,
        ShowInMetadata = declared.ShowInMetadata,
        Enabled = declared.Enabled,
    };

    private static ApiResource ToResource(DeclaredResource declared) => new()
    {
        Identifier = declared.Identifier,
        DisplayName = declared.DisplayName,
        Scopes = declared.Scopes,
        AccessTokenSigningAlg = declared.AccessTokenSigningAlg,
        AccessTokenLifetime = declared.AccessTokenLifetime,
        Enabled = declared.Enabled,
    };
}
