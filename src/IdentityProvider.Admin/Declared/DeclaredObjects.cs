namespace IdentityProvider.Admin.Declared;

/// <summary>What the configuration declares: section <c>IdentityProvider:Declared</c>.</summary>
public sealed record DeclaredObjects(
    IReadOnlyList<DeclaredClient> Clients,
    IReadOnlyList<DeclaredScope> Scopes,
    IReadOnlyList<DeclaredResource> Resources,
    IReadOnlyList<DeclaredAccount> Accounts);
