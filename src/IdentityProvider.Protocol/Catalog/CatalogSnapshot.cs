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
    private readonly FrozenSet<string> _browserOrigins;

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
        _browserOrigins = OriginsOf(_clients.Values);
    }

    private CatalogSnapshot(long version, CatalogSnapshot known, IReadOnlyCollection<Client> changed)
    {
        Version = version;
        var clients = new Dictionary<string, Client>(known._clients, StringComparer.Ordinal);
        var touchesOrigins = false;
        foreach (var client in changed)
        {
            touchesOrigins |= client.IsPublic || clients.GetValueOrDefault(client.ClientId) is { IsPublic: true };
            clients[client.ClientId] = client;
        }

        _clients = clients.ToFrozenDictionary(StringComparer.Ordinal);
        (_scopes, _resources, _resourcesByScope) = (known._scopes, known._resources, known._resourcesByScope);
        _browserOrigins = touchesOrigins ? OriginsOf(_clients.Values) : known._browserOrigins;
    }

    public static CatalogSnapshot Empty { get; } = new(0, [], [], []);

    /// <summary>Grows with every change in the database.</summary>
    public long Version { get; }

    public IReadOnlyList<Client> Clients => _clients.Values;

    public IReadOnlyList<Scope> Scopes => _scopes.Values;

    public IReadOnlyList<ApiResource> Resources => _resources.Values;

    /// <summary>
    /// Whether pages of this origin may call us: it is the origin of a redirect URI of an enabled public client (OAuth 2.0 for
    /// Browser-Based Applications). Written as browsers write <c>Origin</c> (RFC 6454 §6.2).
    /// </summary>
    public bool IsBrowserOrigin(string origin) => _browserOrigins.Contains(origin);

    /// <summary>A later snapshot that differs in these clients only, new ones or others in place of what they were.</summary>
    public CatalogSnapshot With(long version, IReadOnlyCollection<Client> changed)
    {
        ArgumentNullException.ThrowIfNull(changed);
        return new CatalogSnapshot(version, this, changed);
    }

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

    private static FrozenSet<string> OriginsOf(IEnumerable<Client> clients) => clients
        .Where(client => client is { Enabled: true, IsPublic: true })
        .SelectMany(client => client.RedirectUris)
        .Select(FindOrigin)
        .OfType<string>()
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Null for private-use schemes: what is opened by the operating system has no origin.</summary>
    private static string? FindOrigin(string redirectUri) =>
        Uri.TryCreate(redirectUri, UriKind.Absolute, out var uri) && uri.Scheme is ("http" or "https")
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
}
