using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Tests.SignIn;

public sealed class SignInPolicyTests
{
    private static readonly string[][] FactorSets =
    [
        [], [SignInMethods.Totp], [SignInMethods.Totp, SignInMethods.RecoveryCode], [SignInMethods.Passkey],
        [SignInMethods.Passkey, SignInMethods.Totp, SignInMethods.RecoveryCode],
    ];

    private static readonly Proof[][] ProofSets =
    [
        [Proof.Password], [Proof.Passkey], [Proof.Password, Proof.Totp], [Proof.Password, Proof.RecoveryCode],
        [new Proof(SignInMethods.EmailLink, ["otp"])],
    ];

    /// <summary>Every way the questions can combine.</summary>
    private static IEnumerable<SignInState> States =>
        from factors in FactorSets
        from proofs in ProofSets
        from required in new[] { 0, 1, 2, 3, AcrDemand.Unknown }
        from wished in new[] { 0, 2, 3 }
        from requires in new[] { false, true }
        from declined in new[] { false, true }
        from trusted in new[] { false, true }
        select new SignInState
        {
            Account = AccountThat(requires),
            Proofs = proofs,
            Factors = factors,
            Demand = new AcrDemand(required, wished),
            Declined = declined,
            IsTrustedDevice = trusted,
        };

    [Fact]
    [Case(307)]
    public void Nobody_sets_up_a_factor_before_one_that_is_there_is_proved()
    {
        var policy = PolicyOf(SignInMethods.All);

        Assert.DoesNotContain(States, state =>
            policy.Next(state) is SignInStep.SetUp && state.Factors.Count > 0 && ProofRules.LevelOf(state.Proofs) < 2);
    }

    [Fact]
    [Case(307)]
    public void No_session_is_below_what_the_account_needs()
    {
        var policy = PolicyOf(SignInMethods.All);

        Assert.DoesNotContain(States, state =>
            policy.Next(state) is SignInStep.Complete
            && ProofRules.LevelOf(state.Proofs) < 2
            && !state.IsTrustedDevice
            && (state.Account.RequiresSecondFactor || state.Factors.Contains(SignInMethods.Totp, StringComparer.Ordinal)));
    }

    [Fact]
    [Case(308)]
    public void A_level_is_declined_only_above_what_the_account_needs()
    {
        var policy = PolicyOf(SignInMethods.All);

        Assert.DoesNotContain(States, state =>
            policy.Next(state) is SignInStep.SecondFactor { MayDecline: true } or SignInStep.SetUp { MayDecline: true }
            && policy.Next(state with { Declined = true }) is not SignInStep.Complete);
    }

    [Fact]
    public void Who_cannot_use_a_passkey_gets_to_what_the_account_needs_by_the_app()
    {
        var state = States.First(state => state is { Factors.Count: 3, Proofs.Count: 1, Demand: { Required: 3, Wished: 0 } }) with
        {
            Proofs = [Proof.Password],
        };
        var policy = PolicyOf(SignInMethods.All);

        var first = Assert.IsType<SignInStep.SecondFactor>(policy.Next(state));
        var second = Assert.IsType<SignInStep.SecondFactor>(policy.Next(state with { Proofs = [Proof.Password, Proof.Totp] }));

        Assert.Equal([SignInMethods.Passkey, SignInMethods.Totp, SignInMethods.RecoveryCode], first.Choices);
        Assert.False(first.MayDecline);
        Assert.Equal([SignInMethods.Passkey], second.Choices);
        Assert.True(second.MayDecline);
    }

    [Fact]
    public void Who_needs_a_factor_that_nobody_can_set_up_here_is_refused()
    {
        var policy = PolicyOf([SignInMethods.Password, SignInMethods.Passkey]);
        var state = new SignInState { Account = AccountThat(true), Proofs = [Proof.Password], Factors = [], Demand = AcrDemand.None };

        Assert.IsType<SignInStep.Refuse>(policy.Next(state));
    }

    private static SignInPolicy PolicyOf(IReadOnlyList<string> methods) =>
        new(Options.Create(new ProtocolOptions { SignIn = { Methods = methods } }));

    private static Account AccountThat(bool requiresSecondFactor)
    {
        var account = Account.Create("somebody", email: null, DateTimeOffset.UnixEpoch);
        account.RequiresSecondFactor = requiresSecondFactor;
        return account;
    }
}
