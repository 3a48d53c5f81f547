using System.Globalization;
using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Codes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// The mail to sign in by: it holds a code, and with <c>email_link</c> a link too. Whatever name is typed, the work and the answer are the same;
/// only an enabled account with a confirmed address gets a mail.
/// </summary>
internal sealed class EmailSignInMail(
    AccountFinder accounts, SentCodes codes, EmailMethods methods, AccountLimits limits, IAccountMail mail, TimeProvider clock)
{
    /// <summary>No account has this id; a mail about it is queued and goes nowhere.</summary>
    private const string NoAccount = "-";

    /// <summary>Sends one mail to the account of the name, if there is one.</summary>
    /// <returns>How long to wait when too many were asked for; null when it is done.</returns>
    public async Task<TimeSpan?> SendAsync(HttpContext context, SignInPlace place, string name, bool remember)
    {
        var method = methods.Of(place) ?? throw new InvalidOperationException("a mail for a place that takes none");
        var attempt = await limits.TryAskForMailAsync(context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted);
        if (attempt.Refusal is not null)
        {
            return attempt.RetryAfter;
        }

        var account = await accounts.FindAsync(name);
        var code = OneTimeCode.New(OneTimeCode.MailDigits);
        var link = method is SignInMethods.EmailLink ? EmailLinkToken.New(place.Name) : null;
        var sent = new SentCode
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            Method = method,
            Purpose = SentCodes.NameOf(place.Name),
            Asked = name,
            Account = EmailSignIn.CanSignIn(account) ? SentCodes.HashOf(account, account.NormalizedEmail) : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes),
            Code = [],
            Link = link?.Hash,
            SentAt = clock.GetUtcNow(),
            Remember = remember,
            Flow = place.Flow?.Sealed,
            ReturnUrl = place.ReturnUrl,
            Level = place.Demand.Required,
        };
        var order = new MailOrder(link is null ? AccountMailKind.SignInCode : AccountMailKind.SignInLink)
        {
            AccountId = EmailSignIn.CanSignIn(account) ? account.Id : NoAccount,
            Code = code,
            Link = link?.Address,
            ExpiresAt = sent.ExpiresAt,
            Language = CultureInfo.CurrentUICulture.Name,
        };
        await mail.QueueAsync(order, context.RequestAborted);
        codes.Keep(context, place.Name, sent with { Code = OneTimeCode.HashOf(sent.Id, code) });
        return null;
    }
}
