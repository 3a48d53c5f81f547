namespace IdentityProvider.Protocol.Sessions;

/// <summary>Values of <c>amr</c> that we give: RFC 8176 §2, and its registry.</summary>
public static class AmrValues
{
    /// <summary>Password.</summary>
    public const string Password = "pwd";

    /// <summary>One-time password: TOTP (RFC 6238), and the codes we hand out or send.</summary>
    public const string OneTimePassword = "otp";

    /// <summary>A code sent to a telephone.</summary>
    public const string Sms = "sms";

    /// <summary>
    /// Proof of possession of a key, kept nobody says where: registered by OpenID Connect EAP ACR Values 1.0. <c>hwk</c> and <c>swk</c> of RFC 8176
    /// would claim what only an attestation could show.
    /// </summary>
    public const string ProofOfPossession = "pop";

    /// <summary>The authenticator saw that somebody was there.</summary>
    public const string UserPresence = "user";

    /// <summary>Several factors; the methods stand beside it.</summary>
    public const string MultipleFactors = "mfa";
}
