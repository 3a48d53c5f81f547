using IdentityProvider.Accounts.Passwords;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>What came of creating an account.</summary>
public abstract record SignUpOutcome
{
    private SignUpOutcome()
    {
    }

    public sealed record Created(Account Account) : SignUpOutcome;

    /// <summary>The owner of the address reads what came of it, and nobody else.</summary>
    public sealed record AnsweredByMail : SignUpOutcome;

    /// <summary>Nothing was created; at least one problem is set.</summary>
    public sealed record Refused(SignUpProblems Problems) : SignUpOutcome;

    /// <summary>An invitation that is forged, too old, used or taken back, or whose address has an account: one answer for all.</summary>
    public sealed record DeadLink : SignUpOutcome;

    /// <summary>Too many passwords to hash at once.</summary>
    public sealed record Busy : SignUpOutcome;

    /// <summary>Too many accounts were asked for from there.</summary>
    public sealed record TooMany(TimeSpan RetryAfter) : SignUpOutcome;
}

/// <summary>What has to be mended, by field.</summary>
public sealed record SignUpProblems
{
    public bool NameIsBad { get; init; }

    public EmailProblem? Email { get; init; }

    public PasswordProblem? Password { get; init; }

    public bool Any => NameIsBad || Email is not null || Password is not null;
}

/// <summary>Why a mail address is refused.</summary>
public enum EmailProblem
{
    Malformed,
    Taken,
}
