using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>What proofs amount to together. Two of one kind, such as a code of the app and a recovery code, are one factor.</summary>
public static class ProofRules
{
    /// <summary>The level of <see cref="AcrValues"/>; 0 without a proof.</summary>
    public static int LevelOf(IReadOnlyCollection<Proof> proofs)
    {
        ArgumentNullException.ThrowIfNull(proofs);
        if (proofs.Count == 0)
        {
            return 0;
        }

        var hasTwo = proofs.Any(proof => proof.IsMultiFactor) || proofs.Select(proof => KindOf(proof.Method)).Distinct().Count() > 1;
        return !hasTwo ? AcrValues.LevelOf(AcrValues.OneFactor)
            : proofs.Any(proof => proof.IsPhishingResistant) ? AcrValues.LevelOf(AcrValues.PhishingResistant)
            : AcrValues.LevelOf(AcrValues.TwoFactors);
    }

    /// <summary>RFC 8176 §2: every method, and <c>mfa</c> beside them when they are several factors.</summary>
    public static IReadOnlyList<string> AmrOf(IReadOnlyCollection<Proof> proofs)
    {
        var amr = proofs.SelectMany(proof => proof.Amr);
        return [.. (LevelOf(proofs) > 1 ? amr.Append(AmrValues.MultipleFactors) : amr).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Whether a proof by the method is another factor than those that are there.</summary>
    public static bool Adds(string method, IReadOnlyCollection<Proof> proofs) => proofs.All(proof => KindOf(proof.Method) != KindOf(method));

    private static FactorKind KindOf(string method) => method switch
    {
        SignInMethods.Password => FactorKind.Knowledge,
        SignInMethods.EmailLink or SignInMethods.EmailCode => FactorKind.Mailbox,
        SignInMethods.Passkey or SignInMethods.SmsCode or SignInMethods.Totp or SignInMethods.RecoveryCode => FactorKind.Possession,
        _ => FactorKind.OtherProvider,
    };

    private enum FactorKind
    {
        Knowledge,
        Possession,

        /// <summary>Whoever reads the mail: neither a thing in the hand nor a secret in the head (NIST SP 800-63B-4 §3.1.3.1).</summary>
        Mailbox,

        /// <summary>What another provider said; how it knows is its matter.</summary>
        OtherProvider,
    }
}
