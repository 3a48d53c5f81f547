namespace IdentityProvider.Admin.Declared;

/// <summary>A scope value as files write it (RFC 6749 §3.3). The standard ones of OpenID Connect exist without being declared.</summary>
public sealed class DeclaredScope
{
    /// <summary>Required; the scope value.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Short text for the consent page; default is the name.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Longer text for the consent page.</summary>
    public string? Description { get; set; }

    /// <summary>Claims that userinfo returns for it (OIDC Core §5.4); none for scopes of an API.</summary>
    public IReadOnlyList<string> Claims { get; set; } = [];

    /// <summary>Whether <c>scopes_supported</c> names it. Default true.</summary>
    public bool ShowInMetadata { get; set; } = true;

    /// <summary>Default true.</summary>
    public bool Enabled { get; set; } = true;
}
