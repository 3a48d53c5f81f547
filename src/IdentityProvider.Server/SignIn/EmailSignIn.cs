using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Sign-in by what <see cref="EmailSignInMail"/> has sent: the code that was typed, or the link that was followed. It counts in the browser that
/// asked and for what it asked.
/// </summary>
internal sealed class EmailSignIn(
    AccountFinder accounts, SentCodes codes, EmailMethods methods, KnownDevices devices, AccountLimits limits, SignInFailures failures)
{
    /// <summary>What the place takes: null when it takes neither code nor link.</summary>
    public string? MethodOf(SignInPlace place) => methods.Of(place);

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
        using var attempt = await limits.TryMailedCodeAsync(accounts.KeyOf(account, sent.Asked), isKnown, context.RequestAborted);
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
                await NoteAsync(context, account, "wrong mailed code");
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
            await NoteAsync(context, account, "mailed code, but the account has changed since");
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

    /// <summary>Whether mail is a way in for the account: enabled, and its address confirmed.</summary>
    internal static bool CanSignIn([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] Account? account) =>
        account is { Disabled: false, EmailConfirmed: true, Email.Length: > 0 };

    private Task NoteAsync(HttpContext context, Account? account, string reason) =>
        failures.NoteAsync(account?.Id, context.Connection.RemoteIpAddress?.ToString(), reason, context.RequestAborted);
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
