using System.Collections.Frozen;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Catalog;

/// <summary>Clients, scopes and resources at one moment, immutable, in memory. Disabled ones are included; the finders leave them out.</summary>
public sealed class CatalogSnapshot
{
    private readonly FrozenDictionary<string, Client> _clients;
    private readonly FrozenDictionary<string, Scope> _scopes;
    private readonly FrozenDictionary<string, ApiResource> _resources;
    private readonly FrozenDictionary<string, ApiResource[]> _resourcesByScope;

    public CatalogSnapshot(long version, IEnumerable<Client> clients, IEnumerable<Scope> scopes, IEnumerable<ApiResource> resources)
    {
        Version = version;
        _clients = clients.ToFrozenDictionary(client => client.ClientId, StringComparer.Ordinal);
        _scopes = scopes.ToFrozenDictionary(scope => scope.Name, StringComparer.Ordinal);
        _resources = resources.ToFrozenDictionary(resource => resource.Identifier, StringComparer.Ordinal);
        _resourcesByScope = _resources.Values
            .SelectMany(resource => resource.Scopes.Distinct(StringComparer.Ordinal), (resource, name) => (Name: name, Resource: resource))
            .GroupBy(pair => pair.Name, pair => pair.Resource, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
    }

    public static CatalogSnapshot Empty { get; } = new(0, [], [], []);

    /// <summary>Grows with every change in the database.</summary>
    public long Version { get; }

    public IReadOnlyList<Client> Clients => _clients.Values;

    public IReadOnlyList<Scope> Scopes => _scopes.Values;

    public IReadOnlyList<ApiResource> Resources => _resources.Values;

    public Client? FindClient(string clientId) => _clients.GetValueOrDefault(clientId) is { Enabled: true } client ? client : null;

    public Scope? FindScope(string name) => _scopes.GetValueOrDefault(name) is { Enabled: true } scope ? scope : null;

    /// <summary>Enabled APIs that the scope belongs to.</summary>
    public IEnumerable<ApiResource> ResourcesOf(string scope) =>
        _resourcesByScope.GetValueOrDefault(scope)?.Where(resource => resource.Enabled) ?? [];

    /// <summary>Whether the scope belongs to an API, be it enabled or not; the others are for us.</summary>
    public bool IsApiScope(string scope) => _resourcesByScope.ContainsKey(scope);

    /// <summary>Names of the claims that known scopes of <paramref name="scope"/> stand for (OIDC Core §5.4); a name may come twice.</summary>
    public IEnumerable<string> ClaimsOf(ScopeSet scope)
    {
        ArgumentNullException.ThrowIfNull(scope);
        return scope.SelectMany(name => FindScope(name)?.Claims ?? []);
    }

    public ApiResource? FindResource(string identifier) =>
        _resources.GetValueOrDefault(identifier) is { Enabled: true } resource ? resource : null;
}
