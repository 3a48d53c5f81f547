using IdentityProvider.Accounts.Mail;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Recovery;

/// <summary>Opens mailed links. Looking changes nothing, so the GET of a program that follows links in mails spends none.</summary>
public sealed class AccountLinkDoor(UserManager<Account> users, AccountLinks links)
{
    /// <summary>The link and its account; null when it is forged, too old, of another purpose, or the account has changed since.</summary>
    public async Task<OpenLink?> FindAsync(string? token, params AccountLinkPurpose[] purposes)
    {
        if (links.Open(token, purposes) is not { } link || await users.FindByIdAsync(link.AccountId) is not { Disabled: false } account)
        {
            return null;
        }

        return AccountLinks.Fits(link, account) ? new OpenLink(link, account) : null;
    }

    /// <summary>As Identity normalises it.</summary>
    public string Normalize(string email) => users.NormalizeEmail(email)!;
}

/// <summary>A link that works.</summary>
public sealed record OpenLink(AccountLink Link, Account Account);
