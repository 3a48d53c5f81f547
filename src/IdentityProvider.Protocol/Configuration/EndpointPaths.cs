namespace IdentityProvider.Protocol.Configuration;

/// <summary>Paths under the issuer. Metadata, routes and redirects read them here.</summary>
public static class EndpointPaths
{
    public const string OpenIdConfiguration = "/.well-known/openid-configuration";
    public const string AuthorizationServerMetadata = "/.well-known/oauth-authorization-server";
    public const string Jwks = "/.well-known/jwks.json";
    public const string Authorize = "/connect/authorize";
    public const string Token = "/connect/token";
    public const string DeviceAuthorization = "/connect/deviceauthorization";
    public const string UserInfo = "/connect/userinfo";
    public const string Introspect = "/connect/introspect";
    public const string Revoke = "/connect/revoke";
    public const string EndSession = "/connect/endsession";
    public const string CheckSession = "/connect/checksession";

    /// <summary>Client registration; a client's own configuration stands at this path, a slash and its id.</summary>
    public const string ClientRegistration = "/connect/register";

    /// <summary>A client's logo, fetched and checked by us: this path, a slash and the client's id.</summary>
    public const string ClientLogos = "/connect/logos";

    /// <summary>Status list number <c>n</c> stands at this path, a slash and <c>n</c>.</summary>
    public const string StatusLists = "/connect/statuslists";

    public const string SignIn = "/signin";
    public const string SecondFactor = "/signin/second-factor";
    public const string RecoveryCode = "/signin/recovery-code";
    public const string SetUpSecondFactor = "/signin/set-up";
    public const string SignInByEmail = "/signin/email";
    public const string EmailCode = "/signin/email/code";
    public const string SmsCode = "/signin/sms-code";
    public const string Telephone = "/account/second-factor/telephone";
    public const string EmailLink = "/signin/email/link";
    public const string SignInEnded = "/signin/ended";

    /// <summary>A provider stands at this path, a slash and its id; it answers one <c>/callback</c> further.</summary>
    public const string Upstream = "/signin/upstream";

    public const string Register = "/register";
    public const string SignOut = "/signout";
    public const string SignedOut = "/signed-out";
    public const string SelectAccount = "/select-account";
    public const string Consent = "/consent";
    public const string Device = "/device";
    public const string Account = "/account";
    public const string SecondFactors = "/account/second-factor";
    public const string AddTotp = "/account/second-factor/app";
    public const string SignInByPasskey = "/signin/passkey";
    public const string OfferPasskey = "/signin/passkey/offer";
    public const string Passkeys = "/account/passkeys";
    public const string LinkedIdentities = "/account/linked";
    public const string ChangePassword = "/account/password";
    public const string ChangeEmail = "/account/email";
    public const string Profile = "/account/profile";
    public const string Sessions = "/account/sessions";
    public const string Applications = "/account/applications";
    public const string History = "/account/history";
    public const string AccountData = "/account/data";
    public const string AccountClosed = "/account/closed";
    public const string ForgotPassword = "/forgot";
    public const string ResetPassword = "/reset";
    public const string ConfirmEmail = "/confirm-email";
    public const string ConfirmEmailAgain = "/confirm-email/again";
    public const string EndPause = "/unlock";
    public const string Invitation = "/invitation";

    /// <summary>Mail that was sent; only in Development.</summary>
    public const string DevelopmentMail = "/dev/mail";
}
