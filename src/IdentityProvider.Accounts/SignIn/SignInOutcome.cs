namespace IdentityProvider.Accounts.SignIn;

/// <summary>What came of a sign-in.</summary>
public abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <param name="Account">Proved to be the person's.</param>
    public sealed record SignedIn(Account Account) : SignInOutcome;

    /// <summary>
    /// No account, a wrong password, a disabled or a pausing account, an address that is not proved: one answer for all of them, after the same work, so that nobody
    /// learns which.
    /// </summary>
    public sealed record Refused : SignInOutcome;

    /// <summary>A limit is reached (<see cref="LimitsOptions"/>); nothing was checked. Said of names that nobody has, too.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : SignInOutcome;

    /// <summary>Too many sign-ins at once; nothing was checked and nothing counted.</summary>
    public sealed record Busy : SignInOutcome;
}
