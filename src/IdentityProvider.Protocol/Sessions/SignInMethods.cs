namespace IdentityProvider.Protocol.Sessions;

/// <summary>Names of the ways to prove who one is: in <c>SignIn:methods</c>, in <c>idp_sign_in_methods</c> of clients, and in sessions.</summary>
public static class SignInMethods
{
    public const string Password = "password";
    public const string Passkey = "passkey";
    public const string EmailLink = "email_link";
    public const string EmailCode = "email_code";
    public const string SmsCode = "sms_code";
    public const string Totp = "totp";
    public const string RecoveryCode = "recovery_code";

    /// <summary>Another OpenID Provider, of those configured in <c>IdentityProvider:Upstream</c>.</summary>
    public const string Upstream = "upstream";

    /// <summary>What this server can do.</summary>
    public static IReadOnlyList<string> All { get; } = [Password, Passkey, Upstream, Totp, RecoveryCode, EmailLink, EmailCode, SmsCode];

    /// <summary>What is in use unless the operator says otherwise: all but what hangs on a mailbox or a telephone company.</summary>
    public static IReadOnlyList<string> Usual { get; } = [.. All.Where(method => method is not (EmailLink or EmailCode or SmsCode))];

    /// <summary>Whether it can follow another proof but not begin a sign-in.</summary>
    public static bool IsSecondOnly(string method) => method is Totp or RecoveryCode or SmsCode;
}
