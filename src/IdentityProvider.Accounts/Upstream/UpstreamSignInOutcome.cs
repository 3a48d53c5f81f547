namespace IdentityProvider.Accounts.Upstream;

/// <summary>What came of a sign-in by another provider.</summary>
public abstract record UpstreamSignInOutcome
{
    private UpstreamSignInOutcome()
    {
    }

    /// <param name="Account">Linked with the identity, or made for it just now.</param>
    public sealed record SignedIn(Account Account) : UpstreamSignInOutcome;

    /// <summary>
    /// No account is linked with it, and none may be made: the provider makes none, or the address belongs to somebody. Whoever it is signs in
    /// by the account's own means first and links it then.
    /// </summary>
    public sealed record NotLinked : UpstreamSignInOutcome;

    /// <summary>The account is disabled, or the address is not of a domain that comes in.</summary>
    public sealed record Refused : UpstreamSignInOutcome;
}
