namespace IdentityProvider.Protocol.Clients;

/// <summary>What a client may say of itself to people: RFC 7591 §2 and §2.2, OIDC Core §4.</summary>
internal static class ClientDescriptionRules
{
    private const int MaxContacts = 10;

    /// <summary>The longest mail address: RFC 5321 §4.5.3.1.3.</summary>
    private const int MaxContactLength = 254;

    private const int MaxLocalizedTexts = 50;

    /// <summary>Every problem; empty when there is none.</summary>
    public static IEnumerable<ClientProblem> Validate(Client client)
    {
        if (client.Contacts.Count > MaxContacts
            || client.Contacts.Any(contact => contact.Length > MaxContactLength || !ClientRules.IsVisibleText(contact)))
        {
            yield return new("contacts", $"must be at most {MaxContacts} entries of 1 to {MaxContactLength} characters.");
        }

        foreach (var (member, value) in new[] { ("software_id", client.SoftwareId), ("software_version", client.SoftwareVersion) })
        {
            if (value is not null && !ClientRules.IsDisplayName(value))
            {
                yield return new(member, "must be 1 to 100 visible characters.");
            }
        }

        // OIDC Core §4: "MUST use the https scheme".
        if (client.InitiateLoginUri is { } login
            && (ClientUriRules.FindAddressProblem(login) is not null || !login.StartsWith("https:", StringComparison.Ordinal)))
        {
            yield return new("initiate_login_uri", "must be an https address (OIDC Core §4).");
        }

        if (client.LocalizedTexts.Count > MaxLocalizedTexts)
        {
            yield return new("client_name", $"and the like have more than {MaxLocalizedTexts} translations.");
        }

        foreach (var text in client.LocalizedTexts)
        {
            if (FindProblem(text) is { } problem)
            {
                yield return new(text.Member, "with a language tag " + problem);
            }
        }
    }

    private static string? FindProblem(LocalizedText text)
    {
        if (!LocalizedText.Members.Contains(text.Member, StringComparer.Ordinal) || !text.HasLanguageTag)
        {
            return "must be a member people read and a tag of BCP 47.";
        }

        return text.Member is not "client_name" ? ClientUriRules.FindAddressProblem(text.Value)
            : ClientRules.IsDisplayName(text.Value) ? null : "must be 1 to 100 visible characters.";
    }
}
