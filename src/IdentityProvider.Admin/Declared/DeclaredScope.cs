using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Admin.Declared;

/// <summary>
/// A scope value as files write it (RFC 6749 §3.3). The standard ones of OpenID Connect exist without being declared. <c>display_name</c> and
/// <c>description</c> may be written once more for people of a language: <c>display_name#de</c>.
/// </summary>
public sealed class DeclaredScope : IDeclaredInLanguages
{
    /// <summary>Required; the scope value.</summary>
    public string Name { get; set; } = string.Empty;

    /// <summary>Short text for the consent page; default is the name.</summary>
    [InLanguages]
    public string? DisplayName { get; set; }

    /// <summary>Longer text for the consent page.</summary>
    [InLanguages]
    public string? Description { get; set; }

    /// <inheritdoc/>
    [JsonIgnore]
    public IReadOnlyList<LocalizedText> LocalizedTexts { get; set; } = [];

    /// <summary>Claims that userinfo returns for it (OIDC Core §5.4); none for scopes of an API.</summary>
    public IReadOnlyList<string> Claims { get; set; } = [];

    /// <summary>Whether <c>scopes_supported</c> names it. Default true.</summary>
    public bool ShowInMetadata { get; set; } = true;

    /// <summary>Default true.</summary>
    public bool Enabled { get; set; } = true;
}
