using System.Text.Json;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>
/// What is missing to a session. Who has set up a second factor is asked for it, and so is whom the settings, a role, the account or the
/// request asks; who needs one and has none sets it up first. There is no time of grace.
/// </summary>
public sealed class SignInPolicy(IOptions<ProtocolOptions> options)
{
    private static readonly int TwoFactors = AcrValues.LevelOf(AcrValues.TwoFactors);

    private readonly SignInOptions _options = options.Value.SignIn;

    public SignInStep Next(SignInState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        var level = ProofRules.LevelOf(state.Proofs);
        var own = OwnLevel(state);
        if (level >= Math.Max(own, AskedLevel(state)))
        {
            return new SignInStep.Complete(LevelDeclined: false);
        }

        var mayDecline = level >= own;
        var needed = Math.Max(own, AskedLevel(state));
        string[] choices = [.. state.Factors.Where(method => Leads(method, state.Proofs, needed))];
        if (needed > own && !mayDecline)
        {
            // What leads all the way comes first; who cannot do that must still get to what the account itself needs.
            choices = [.. choices, .. state.Factors.Where(method => Leads(method, state.Proofs, own)).Except(choices, StringComparer.Ordinal)];
        }

        if (choices.Length > 0)
        {
            return new SignInStep.SecondFactor(choices, mayDecline);
        }

        // Never before a factor that is there: a new one, set up by who knows the password alone, would be a way round it.
        var maySetUp = state.Factors.Count == 0 || level >= TwoFactors;
        string[] missing = [.. _options.Methods.Where(method => maySetUp && CanBeSetUp(method) && Leads(method, state.Proofs, needed))];
        if (missing.Length > 0)
        {
            return new SignInStep.SetUp(missing, mayDecline);
        }

        // The level asked for is out of this account's reach. What the account itself needs stays.
        return state.Declined ? new SignInStep.Refuse() : Next(state with { Declined = true }) switch
        {
            SignInStep.Complete => new SignInStep.Complete(LevelDeclined: true),
            var step => step,
        };
    }

    /// <summary>Whether the account must have two factors, whatever it has set up.</summary>
    public bool RequiresSecondFactor(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return _options.RequireSecondFactor
            || account.RequiresSecondFactor
            || (_options.RequireSecondFactorRoles.Count > 0
                && RolesOf(account).Intersect(_options.RequireSecondFactorRoles, StringComparer.Ordinal).Any());
    }

    /// <summary>
    /// What the account asks of itself. A passkey alone asks for nothing: it is made for one device in passing, and its person must get in from the
    /// others, too. A browser that its person trusts stands for the second factor here, and only here.
    /// </summary>
    private int OwnLevel(SignInState state) =>
        !state.IsTrustedDevice && (state.Factors.Any(method => method is not SignInMethods.Passkey) || RequiresSecondFactor(state.Account))
            ? TwoFactors
            : AcrValues.LevelOf(AcrValues.OneFactor);

    private int AskedLevel(SignInState state)
    {
        if (state.Declined)
        {
            return 0;
        }

        var highest = _options.HighestLevel();
        return Math.Max(state.Demand.Required <= highest ? state.Demand.Required : 0, state.Demand.Wished);
    }

    /// <summary>Whether a proof by the method brings the person to the level.</summary>
    private static bool Leads(string method, IReadOnlyList<Proof> proofs, int needed) =>
        needed > TwoFactors ? method is SignInMethods.Passkey : ProofRules.Adds(method, proofs);

    /// <summary>
    /// Recovery codes come with another factor, and the rest needs no setting up or none that a person could do here. A passkey is made in a session: a
    /// new key to the account is no proof of whose it is.
    /// </summary>
    private static bool CanBeSetUp(string method) => method is SignInMethods.Totp;

    private static IEnumerable<string> RolesOf(Account account)
    {
        if (account.Claims is null || !JsonElement.Parse(account.Claims).TryGetProperty("roles", out var roles))
        {
            return [];
        }

        return roles.ValueKind switch
        {
            JsonValueKind.String => [roles.GetString()!],
            JsonValueKind.Array => roles.EnumerateArray().Where(role => role.ValueKind == JsonValueKind.String).Select(role => role.GetString()!),
            _ => [],
        };
    }
}
