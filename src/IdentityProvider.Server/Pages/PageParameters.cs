namespace IdentityProvider.Server.Pages;

/// <summary>Query parameters of our own, between the protocol endpoints and the pages.</summary>
internal static class PageParameters
{
    /// <summary>On the sign-in, registration, account and consent pages: the sealed authorization request.</summary>
    public const string Flow = "flow";

    /// <summary>At the authorization endpoint: the sealed request that returns from a page.</summary>
    public const string ReturningFlow = "idp_flow";

    /// <summary>On the sign-out page: the sealed <see cref="Protocol.EndSession.PendingSignOut"/>.</summary>
    public const string SignOut = "signout";

    /// <summary>On the sign-in and registration pages without a flow: a path of ours.</summary>
    public const string ReturnUrl = "returnUrl";

    /// <summary>On the sign-in page without a flow: <c>true</c> when a session that is there is not fresh enough for what follows.</summary>
    public const string Fresh = "fresh";

    /// <summary>On the sign-in pages without a flow: the least level that will do for what follows.</summary>
    public const string Level = "level";

    /// <summary>On the page that a sign-in ended on: why, a name of <see cref="IdentityProvider.Server.SignIn.SignInEnding"/>.</summary>
    public const string Ending = "why";

    /// <summary>On the account page and the device page: what was just done, a word of ours.</summary>
    public const string Done = "done";

    /// <summary>On the page of security events: the id of the last event of the page before.</summary>
    public const string Before = "before";
}
