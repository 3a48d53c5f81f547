namespace IdentityProvider.Protocol.Catalog;

/// <summary>A scope value the server knows: RFC 6749 §3.3.</summary>
public sealed record Scope
{
    public required string Name { get; init; }

    /// <summary>Short text for the consent page; the name is shown when absent.</summary>
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    /// <summary>Names of claims that userinfo returns for it (OIDC Core §5.4). Empty for scopes of an API.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Whether <c>scopes_supported</c> names it. Default true.</summary>
    public bool ShowInMetadata { get; init; } = true;

    public bool Enabled { get; init; } = true;
}
