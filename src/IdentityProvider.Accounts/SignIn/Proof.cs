using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.SignIn;

/// <summary>One thing that a person has proved.</summary>
/// <param name="Method">A name of <see cref="SignInMethods"/>.</param>
/// <param name="Amr">What it is called in <c>amr</c> (RFC 8176 §2).</param>
/// <param name="IsMultiFactor">Whether it is two factors in one, such as a passkey that asked for a fingerprint.</param>
/// <param name="IsPhishingResistant">Whether a false site could not have got it.</param>
public sealed record Proof(string Method, IReadOnlyList<string> Amr, bool IsMultiFactor = false, bool IsPhishingResistant = false)
{
    public static Proof Password { get; } = new(SignInMethods.Password, [AmrValues.Password]);

    /// <summary>A code of an authenticator app: RFC 6238.</summary>
    public static Proof Totp { get; } = new(SignInMethods.Totp, [AmrValues.OneTimePassword]);

    /// <summary>One of ten codes on paper. RFC 8176 has no nearer word for it: it is good once.</summary>
    public static Proof RecoveryCode { get; } = new(SignInMethods.RecoveryCode, [AmrValues.OneTimePassword]);

    /// <summary>
    /// A passkey whose authenticator verified the person (WebAuthn L3 §6.1, flag UV): the thing in the hand and the finger or the PIN, and bound to our
    /// origin by the browser.
    /// </summary>
    public static Proof Passkey { get; } = new(
        SignInMethods.Passkey, [AmrValues.ProofOfPossession, AmrValues.UserPresence], IsMultiFactor: true, IsPhishingResistant: true);

    /// <summary>A link in a mail, or the code beside it. RFC 8176 has no nearer word: it is good once.</summary>
    public static Proof EmailLink { get; } = new(SignInMethods.EmailLink, [AmrValues.OneTimePassword]);

    /// <summary>A code in a mail.</summary>
    public static Proof EmailCode { get; } = new(SignInMethods.EmailCode, [AmrValues.OneTimePassword]);

    /// <summary>A code sent to a telephone.</summary>
    public static Proof SmsCode { get; } = new(SignInMethods.SmsCode, [AmrValues.Sms]);

    /// <summary>What a session was begun with, so that only the rest has to be proved.</summary>
    public static IReadOnlyList<Proof> OfSession(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        string[] amr = [.. session.Amr.Where(value => !string.Equals(value, AmrValues.MultipleFactors, StringComparison.Ordinal))];
        return
        [
            .. session.Methods.Select(method => new Proof(
                method,
                amr,
                AcrValues.Includes(session.Acr, AcrValues.TwoFactors),
                AcrValues.Includes(session.Acr, AcrValues.PhishingResistant))),
        ];
    }
}
