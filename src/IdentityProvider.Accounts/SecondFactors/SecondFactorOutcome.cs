using IdentityProvider.Accounts.SignIn;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>What came of a code.</summary>
public abstract record SecondFactorOutcome
{
    private SecondFactorOutcome()
    {
    }

    public sealed record Proved(Proof Proof) : SecondFactorOutcome;

    /// <summary>Not right, or used before: told alike.</summary>
    public sealed record Wrong : SecondFactorOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : SecondFactorOutcome;
}
