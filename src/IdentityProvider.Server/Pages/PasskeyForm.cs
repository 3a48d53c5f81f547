namespace IdentityProvider.Server.Pages;

/// <summary>A form that the script <c>passkeys.js</c> fills in and sends; without script it is not shown.</summary>
/// <param name="Id">Of the form.</param>
/// <param name="Ceremony"><c>create</c> or <c>get</c>.</param>
/// <param name="Action">Where the answer of the authenticator goes.</param>
/// <param name="Options">Where the script asks for a challenge.</param>
/// <param name="Label">On the button.</param>
internal sealed record PasskeyForm(string Id, string Ceremony, string Action, string Options, string Label)
{
    /// <summary>Whether passkeys are offered in the field with <c>autocomplete="… webauthn"</c> as soon as the page is there.</summary>
    public bool Autofill { get; init; }

    /// <summary>Whether its button is not the main one of the page.</summary>
    public bool IsSecondary { get; init; }

    /// <summary>Whether the page has another way, so that nothing is said where passkeys do not work.</summary>
    public bool IsOptional { get; init; }
}
