using System.Globalization;
using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Codes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Sign-in by a mail that holds a code, and with <c>email_link</c> a link too. Whatever name is typed, the work and the answer are the same;
/// only an enabled account with a confirmed address gets a mail. What was sent counts in the browser that asked and for what it asked.
/// </summary>
internal sealed class EmailSignIn(
    AccountFinder accounts,
    UserManager<Account> users,
    SentCodes codes,
    EmailMethods methods,
    KnownDevices devices,
    AccountLimits limits,
    SignInFailures failures,
    IAccountMail mail,
    IAuditTrail audit,
    TimeProvider clock)
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
            Account = CanSignIn(account) ? SentCodes.HashOf(account, account.NormalizedEmail) : RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes),
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
            AccountId = CanSignIn(account) ? account.Id : NoAccount,
            Code = code,
            Link = link?.Address,
            ExpiresAt = sent.ExpiresAt,
            Language = CultureInfo.CurrentUICulture.Name,
        };
        await mail.QueueAsync(order, context.RequestAborted);
        codes.Keep(context, place.Name, sent with { Code = OneTimeCode.HashOf(sent.Id, code) });
        return null;
    }

    /// <summary>Whether this browser waits for a mail for the place.</summary>
    public bool IsWaiting(HttpContext context, SignInPlace place) => FindSent(context, place) is not null;

    /// <summary>A code was typed.</summary>
    public async Task<EmailSignInOutcome> TypeAsync(HttpContext context, SignInPlace place, string typed)
    {
        if (FindSent(context, place) is not { } sent)
        {
            return new EmailSignInOutcome.Dead();
        }

        var account = await accounts.FindAsync(sent.Asked);
        var isKnown = account is not null && await devices.IsKnownAsync(context, account, context.RequestAborted);
        using var attempt = await limits.TryMailedCodeAsync(
            account?.Id ?? users.NormalizeName(sent.Asked.Trim())!, isKnown, context.RequestAborted);
        if (attempt.Refusal is not null)
        {
            return new EmailSignInOutcome.TooMany(attempt.RetryAfter);
        }

        switch (await codes.TryAsync(sent, typed, context.RequestAborted))
        {
            case SentCodeAnswer.Right:
                await attempt.TakeBackAsync(context.RequestAborted);
                return await EndAsync(context, place, sent, account);
            case SentCodeAnswer.Wrong:
                await AuditAsync(context, account, "wrong mailed code");
                return new EmailSignInOutcome.Wrong();
            default:
                return new EmailSignInOutcome.Dead();
        }
    }

    /// <summary>What this browser asked for by the mail whose link it is; null when the link is old, forged or for another browser.</summary>
    public SentCode? FindByLink(HttpContext context, EmailLinkToken link) =>
        codes.ReadByKey(context, link.Key) is { Link: { } hash } sent && CryptographicOperations.FixedTimeEquals(hash, link.Hash) ? sent : null;

    /// <summary>The button of the link's page.</summary>
    public async Task<EmailSignInOutcome> FollowAsync(HttpContext context, SignInPlace place, SentCode sent)
    {
        if (!IsFor(sent, place) || !await codes.TryUseAsync(sent, context.RequestAborted))
        {
            return new EmailSignInOutcome.Dead();
        }

        return await EndAsync(context, place, sent, await accounts.FindAsync(sent.Asked));
    }

    /// <summary>The code is used up; whether it still opens anything depends on the account as it is now.</summary>
    private async Task<EmailSignInOutcome> EndAsync(HttpContext context, SignInPlace place, SentCode sent, Account? account)
    {
        codes.Forget(context, place.Name);
        if (!CanSignIn(account) || !CryptographicOperations.FixedTimeEquals(SentCodes.HashOf(account, account.NormalizedEmail), sent.Account))
        {
            await AuditAsync(context, account, "mailed code, but the account has changed since");
            return new EmailSignInOutcome.Dead();
        }

        await failures.EndAsync(account, context.RequestAborted);
        return new EmailSignInOutcome.Proved(
            account, sent.Method is SignInMethods.EmailLink ? Proof.EmailLink : Proof.EmailCode, sent.Remember);
    }

    private SentCode? FindSent(HttpContext context, SignInPlace place) =>
        codes.Read(context, place.Name) is { } sent && IsFor(sent, place) ? sent : null;

    /// <summary>The operator or the client may have changed what is taken since.</summary>
    private bool IsFor(SentCode sent, SignInPlace place) =>
        string.Equals(sent.Purpose, SentCodes.NameOf(place.Name), StringComparison.Ordinal)
        && string.Equals(sent.Method, methods.Of(place), StringComparison.Ordinal);

    private static bool CanSignIn([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] Account? account) =>
        account is { Disabled: false, EmailConfirmed: true, Email.Length: > 0 };

    private Task AuditAsync(HttpContext context, Account? account, string detail) => audit.AppendAsync(
        new AuditEvent
        {
            Type = AuditEventTypes.SignInFailed,
            At = clock.GetUtcNow(),
            Subject = account?.Id,
            RemoteAddress = context.Connection.RemoteIpAddress?.ToString(),
            Detail = detail,
        },
        context.RequestAborted);
}

/// <summary>What came of a code or a link.</summary>
internal abstract record EmailSignInOutcome
{
    private EmailSignInOutcome()
    {
    }

    public sealed record Proved(Account Account, Proof Proof, bool Remember) : EmailSignInOutcome;

    public sealed record Wrong : EmailSignInOutcome;

    /// <summary>Used, too old, tried too often, or of another browser: a new mail has to be asked for.</summary>
    public sealed record Dead : EmailSignInOutcome;

    public sealed record TooMany(TimeSpan RetryAfter) : EmailSignInOutcome;
}

/// <summary>Which of the two methods a place offers: the link where it is taken, for its mail has the code too.</summary>
internal sealed class EmailMethods(IAccountMail mail, IOptions<ProtocolOptions> options)
{
    /// <summary>Null when there is neither.</summary>
    public string? Of(SignInPlace place) => !mail.IsAvailable
        ? null
        : Array.Find([SignInMethods.EmailLink, SignInMethods.EmailCode], method => options.Value.SignIn.Offers(method) && place.Takes(method));
}
