namespace IdentityProvider.Server.SignIn;

/// <summary>Why a sign-in ended before there was a session, other than by a refusal that its page can explain itself. The names stand in addresses.</summary>
internal enum SignInEnding
{
    /// <summary>Five codes were wrong.</summary>
    TooManyCodes,

    /// <summary>The account needs a second factor, has none, and the server offers none that a person could set up while signing in.</summary>
    NoSecondFactor,
}
