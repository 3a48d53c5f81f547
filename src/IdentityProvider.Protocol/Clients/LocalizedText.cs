namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// A member of the metadata of a client or scope for people of one language: <c>client_name#de</c> is member, number sign and tag (RFC 7591 §2.2).
/// </summary>
/// <param name="Member">Name without the tag: for clients one of <see cref="Members"/>.</param>
/// <param name="Language">Language tag (BCP 47), as registered.</param>
/// <param name="Value">The name or address.</param>
public sealed record LocalizedText(string Member, string Language, string Value)
{
    /// <summary>Members of clients that people read, so that they may have languages: RFC 7591 §2, OIDC Registration §2.1.</summary>
    public static IReadOnlyList<string> Members { get; } = ["client_name", "client_uri", "logo_uri", "policy_uri", "tos_uri"];

    /// <summary>Whether the tag has the form of RFC 5646 §2.1; the registry is not asked.</summary>
    public bool HasLanguageTag => Language.Length is > 1 and <= 35
        && Language.Split('-').All(part => part.Length is >= 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit));

    /// <summary>The value for a language by the lookup of RFC 4647 §3.4: the whole tag first, then without its last part; null when there is none.</summary>
    public static string? Find(IReadOnlyList<LocalizedText> texts, string member, string language)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(language);
        for (var tag = language; tag.Length > 0; tag = tag[..Math.Max(0, tag.LastIndexOf('-'))])
        {
            var found = texts.FirstOrDefault(text =>
                string.Equals(text.Member, member, StringComparison.Ordinal) && string.Equals(text.Language, tag, StringComparison.OrdinalIgnoreCase));
            if (found is not null)
            {
                return found.Value;
            }
        }

        return null;
    }
}
