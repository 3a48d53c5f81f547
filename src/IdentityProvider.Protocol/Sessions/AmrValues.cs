namespace IdentityProvider.Protocol.Sessions;

/// <summary>Values of <c>amr</c> that we give: RFC 8176 §2.</summary>
public static class AmrValues
{
    /// <summary>Password.</summary>
    public const string Password = "pwd";

    /// <summary>One-time password: TOTP (RFC 6238), and the codes we hand out or send.</summary>
    public const string OneTimePassword = "otp";

    /// <summary>A code sent to a telephone.</summary>
    public const string Sms = "sms";

    /// <summary>Proof of possession of a key kept in hardware.</summary>
    public const string HardwareKey = "hwk";

    /// <summary>Proof of possession of a key kept in software, or nobody knows where.</summary>
    public const string SoftwareKey = "swk";

    /// <summary>The authenticator saw that somebody was there.</summary>
    public const string UserPresence = "user";

    /// <summary>Several factors; the methods stand beside it.</summary>
    public const string MultipleFactors = "mfa";
}
