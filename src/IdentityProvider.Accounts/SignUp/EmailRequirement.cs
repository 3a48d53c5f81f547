using IdentityProvider.Accounts.Mail;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>Whether a person has to prove the mail address before the first sign-in: <see cref="AccountsOptions.RequireConfirmedEmail"/>.</summary>
public sealed class EmailRequirement(IAccountMail mail, IOptions<AccountsOptions> options)
{
    /// <summary>Never without mail, for nobody could prove anything.</summary>
    public bool IsOn => options.Value.RequireConfirmedEmail && mail.IsAvailable;

    /// <summary>Whether the account cannot sign in yet. One without an address has nothing to prove.</summary>
    public bool HoldsBack(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return IsOn && !account.EmailConfirmed && !string.IsNullOrEmpty(account.Email);
    }
}
