using IdentityProvider.Accounts.SignIn;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// A sign-in that is half done: who it is and what they have proved, in this browser, for one place, ten minutes at most. It opens nothing
/// but the pages that ask for the rest.
/// </summary>
internal sealed record SignInProgress
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>Of this sign-in, from its first proof to its end: what it may do once and how often it may guess is counted under it.</summary>
    public required Guid Id { get; init; }

    public required string AccountId { get; init; }

    public required IReadOnlyList<Proof> Proofs { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary><see cref="SignInPlace.Name"/>.</summary>
    public required string Place { get; init; }

    /// <summary>Hash of the account's security stamp: a change of password or factors ends it.</summary>
    public required string Stamp { get; init; }

    /// <summary>"Keep me signed in".</summary>
    public bool Remember { get; init; }

    /// <summary>The session whose level is being raised; null when somebody signs in anew.</summary>
    public Guid? SessionId { get; init; }
}
