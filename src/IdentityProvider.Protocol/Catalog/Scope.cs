using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Catalog;

/// <summary>A scope value the server knows: RFC 6749 §3.3.</summary>
public sealed record Scope
{
    public required string Name { get; init; }

    /// <summary>Short text for the consent page; the name is shown when absent.</summary>
    public string? DisplayName { get; init; }

    public string? Description { get; init; }

    /// <summary>Both for people in other languages: <c>display_name#de</c>, <c>description#de</c>.</summary>
    public IReadOnlyList<LocalizedText> LocalizedTexts { get; init; } = [];

    /// <summary>Names of claims that userinfo returns for it (OIDC Core §5.4). Empty for scopes of an API.</summary>
    public IReadOnlyList<string> Claims { get; init; } = [];

    /// <summary>Whether <c>scopes_supported</c> names it. Default true.</summary>
    public bool ShowInMetadata { get; init; } = true;

    public bool Enabled { get; init; } = true;

    /// <summary>The short text in a language of people, else as declared without one; null when there is neither.</summary>
    public string? DisplayNameIn(string language) => LocalizedText.Find(LocalizedTexts, "display_name", language) ?? DisplayName;

    /// <summary>The longer text, likewise.</summary>
    public string? DescriptionIn(string language) => LocalizedText.Find(LocalizedTexts, "description", language) ?? Description;
}
