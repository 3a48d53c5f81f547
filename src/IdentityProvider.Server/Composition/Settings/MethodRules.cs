using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Mail;
using IdentityProvider.Server.Sms;

namespace IdentityProvider.Server.Composition.Settings;

/// <summary>Ways to sign in that need another section. Development shows mail and text messages on a page of its own.</summary>
internal static class MethodRules
{
    public static IEnumerable<string> Validate(SignInOptions signIn, MailOptions mail, SmsOptions sms)
    {
        if (mail.Transport == MailTransport.None && (signIn.Offers(SignInMethods.EmailLink) || signIn.Offers(SignInMethods.EmailCode)))
        {
            yield return "SignIn:methods has email_link or email_code, which need Mail:transport.";
        }

        if (sms.Transport == SmsTransport.None && signIn.Offers(SignInMethods.SmsCode))
        {
            yield return "SignIn:methods has sms_code, which needs Sms:transport.";
        }
    }
}
