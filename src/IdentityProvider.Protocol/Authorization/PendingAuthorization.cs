using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>
/// An authorization request while the person is on our pages. Nothing is stored: it travels sealed in the page's address and is
/// bound to the browser that began by a cookie of its own. Its parameters are validated anew when it returns to the endpoint.
/// </summary>
public sealed record PendingAuthorization
{
    /// <summary>A version 7 UUID; becomes the code's id, so one flow never gives two grants.</summary>
    public required Guid Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>SHA-256 of the flow cookie's value, base64url.</summary>
    public required string BrowserBinding { get; init; }

    /// <summary>The request's parameters as sent; <c>resource</c> once per value.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; }

    /// <summary>Set by the account page: <c>prompt=select_account</c> is answered.</summary>
    public bool AccountSelected { get; init; }

    /// <summary>Set by the registration page when the person turned to signing in instead: <c>prompt=create</c> is answered.</summary>
    public bool RegistrationAnswered { get; init; }

    /// <summary>
    /// Set by the sign-in pages: the person did not go up to the level asked for, or their account has no means to. What is only wished
    /// (<c>acr_values</c>) is then let go, and what is required is answered with an error.
    /// </summary>
    public bool LevelDeclined { get; init; }

    /// <summary>
    /// Set when a sign-in from its first proof on was done for this very request: the session that came of it. A sign-in for another request, or
    /// in another tab, is no answer to <c>prompt=login</c> (OIDC Core §3.1.2.1).
    /// </summary>
    public Guid? SignedInSession { get; init; }

    /// <summary>Set by the consent page.</summary>
    public ConsentDecision? Consent { get; init; }

    /// <summary>Set by a page on which the person refused: the client is told <c>access_denied</c>.</summary>
    public bool Denied { get; init; }

    public string ClientId => this[ParameterNames.ClientId] ?? string.Empty;

    /// <summary>Who it is for has signed in for it, from the first proof on.</summary>
    public PendingAuthorization After(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return this with { SignedInSession = session.Id };
    }

    /// <summary>Value of a parameter, or null.</summary>
    public string? this[string name] =>
        Parameters.FirstOrDefault(pair => string.Equals(pair.Key, name, StringComparison.Ordinal)).Value;
}

/// <summary>What the person allowed on the consent page, in which session.</summary>
public sealed record ConsentDecision(Guid SessionId, ScopeSet Scope);
