using IdentityProvider.Protocol.Authorization;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>How far a person has come.</summary>
public sealed record SignInState
{
    public required Account Account { get; init; }

    public required IReadOnlyList<Proof> Proofs { get; init; }

    /// <summary>Methods that the account has set up as a second factor and the server offers, the best first.</summary>
    public required IReadOnlyList<string> Factors { get; init; }

    /// <summary>What the request asks for.</summary>
    public required AcrDemand Demand { get; init; }

    /// <summary>The person did not want to go up to that.</summary>
    public bool Declined { get; init; }

    /// <summary>This browser proved a second factor for the account not long ago, and its person asked to be trusted.</summary>
    public bool IsTrustedDevice { get; init; }
}

/// <summary>What comes next.</summary>
public abstract record SignInStep
{
    private SignInStep()
    {
    }

    /// <summary>Nothing is missing.</summary>
    /// <param name="LevelDeclined">The request asks for more than the account can do.</param>
    public sealed record Complete(bool LevelDeclined) : SignInStep;

    /// <param name="Choices">Methods, one of which has to be proved.</param>
    /// <param name="MayDecline">Only the request asks for it.</param>
    public sealed record SecondFactor(IReadOnlyList<string> Choices, bool MayDecline) : SignInStep;

    /// <param name="Choices">Methods, one of which has to be set up.</param>
    /// <param name="MayDecline">Only the request asks for it.</param>
    public sealed record SetUp(IReadOnlyList<string> Choices, bool MayDecline) : SignInStep;

    /// <summary>The account needs what the server does not offer to it.</summary>
    public sealed record Refuse : SignInStep;
}
