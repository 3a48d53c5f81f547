using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>What to tell a person whose new password is refused.</summary>
internal static class PasswordTexts
{
    public static string Of(PasswordProblem problem, IStringLocalizer<PageTexts> texts) => problem switch
    {
        PasswordProblem.TooShort => texts["Password.TooShort", PasswordRules.MinLength],
        PasswordProblem.TooLong => texts["Password.TooLong", PasswordRules.MaxLength],
        PasswordProblem.LikeName => texts["Password.LikeName"],
        _ => texts["Password.TooCommon"],
    };
}
