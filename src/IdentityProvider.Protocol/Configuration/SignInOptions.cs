using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Protocol.Configuration;

/// <summary>How people prove who they are: section <c>IdentityProvider:SignIn</c>.</summary>
public sealed class SignInOptions
{
    /// <summary>
    /// <c>methods</c>: ways to prove who one is, by name; what is not named is offered nowhere and counts nowhere. Default:
    /// <c>password</c>, <c>passkey</c>, <c>upstream</c>, <c>totp</c>, <c>recovery_code</c>. Besides there are <c>email_link</c> (a mail with a link and a code)
    /// and <c>email_code</c> (a mail with a code), which need <c>Mail</c>, and <c>sms_code</c>, a second factor that needs <c>Sms</c>. At least
    /// one must be a way to begin.
    /// </summary>
    public IReadOnlyList<string> Methods { get; set; } = SignInMethods.Usual;

    /// <summary>
    /// <c>require_second_factor</c>: whether everybody needs two factors; who has only one sets the second up before the first session begins.
    /// Default false: who has set one up is asked for it, and so is whom <c>require_second_factor_roles</c>, the account or the request asks.
    /// </summary>
    public bool RequireSecondFactor { get; set; }

    /// <summary><c>require_second_factor_roles</c>: values of the claim <c>roles</c> of accounts that need two factors. Default none.</summary>
    public IReadOnlyList<string> RequireSecondFactorRoles { get; set; } = [];

    /// <summary>
    /// <c>remember_second_factor</c>: how long a browser whose person asked for it is not asked for the second factor again. Default 30 days; 0
    /// never offers it; at most 400 days. Such a sign-in is one factor (<c>acr</c> 1), and a request that asks for two is asked always.
    /// </summary>
    public TimeSpan RememberSecondFactor { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether the method is in use.</summary>
    public bool Offers(string method) => Methods.Contains(method, StringComparer.Ordinal);

    /// <summary>The highest level that the methods in use can reach: a number of <see cref="AcrValues"/>.</summary>
    public int HighestLevel()
    {
        if (Offers(SignInMethods.Passkey))
        {
            return AcrValues.LevelOf(AcrValues.PhishingResistant);
        }

        return Offers(SignInMethods.Totp) || Offers(SignInMethods.SmsCode) ? AcrValues.LevelOf(AcrValues.TwoFactors) : AcrValues.LevelOf(AcrValues.OneFactor);
    }

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var method in Methods.Where(method => !SignInMethods.All.Contains(method, StringComparer.Ordinal)))
        {
            yield return $"SignIn:methods has {method}; known are {string.Join(", ", SignInMethods.All)}.";
        }

        if (!Methods.Any(method => SignInMethods.All.Contains(method, StringComparer.Ordinal) && !SignInMethods.IsSecondOnly(method)))
        {
            yield return "SignIn:methods must have a method to begin with, such as password.";
        }

        if ((RequireSecondFactor || RequireSecondFactorRoles.Count > 0) && !Offers(SignInMethods.Totp) && !Offers(SignInMethods.Passkey))
        {
            yield return "SignIn:methods has no second factor that people can set up while they sign in (totp, passkey), and require_second_factor asks for one.";
        }

        if (RememberSecondFactor < TimeSpan.Zero || RememberSecondFactor > TimeSpan.FromDays(400))
        {
            yield return "SignIn:remember_second_factor must be from 0 seconds to 400 days.";
        }
    }
}
