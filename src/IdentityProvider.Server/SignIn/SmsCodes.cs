using System.Globalization;
using System.Security.Cryptography;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Codes;
using IdentityProvider.Accounts.Sms;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.SignIn;

/// <summary>Codes of six digits sent to telephones: to prove a second factor, and to prove that a number is the person's.</summary>
internal sealed class SmsCodes(
    SentCodes codes, IAccountSms sms, AccountLimits limits, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const int Digits = 6;

    public bool IsOffered => sms.IsAvailable && options.Value.SignIn.Offers(SignInMethods.SmsCode);

    /// <summary>What a code is good for that is sent to go on with a sign-in.</summary>
    public static string ForSignInAt(SignInPlace place) => "sms " + place.Name;

    /// <summary>What a code is good for that proves a new number.</summary>
    public static string ForNumberOf(Account account) => "telephone " + account.Id;

    /// <summary>Sends one code; the one before it is worthless in this browser.</summary>
    /// <returns>How long to wait when too many were asked for; null when it is done.</returns>
    public async Task<TimeSpan?> SendAsync(HttpContext context, string purpose, Account account, string number)
    {
        var attempt = await limits.TryTextMessageAsync(
            context.Connection.RemoteIpAddress?.ToString(), account.Id, number, context.RequestAborted);
        if (attempt.Refusal is not null)
        {
            return attempt.RetryAfter;
        }

        var (id, code) = (Guid.CreateVersion7(clock.GetUtcNow()), OneTimeCode.New(Digits));
        var sent = new SentCode
        {
            Id = id,
            Method = SignInMethods.SmsCode,
            Purpose = SentCodes.NameOf(purpose),
            Asked = number,
            Account = SentCodes.HashOf(account, number),
            Code = OneTimeCode.HashOf(id, code),
            SentAt = clock.GetUtcNow(),
        };
        await sms.QueueAsync(new SmsOrder(number, code, sent.ExpiresAt, CultureInfo.CurrentUICulture.Name), context.RequestAborted);
        codes.Keep(context, purpose, sent);
        return null;
    }

    /// <summary>What this browser waits for; null when nothing was sent for the account as it is now.</summary>
    public SentCode? Find(HttpContext context, string purpose, Account account) =>
        codes.Read(context, purpose) is { Method: SignInMethods.SmsCode } sent
        && CryptographicOperations.FixedTimeEquals(SentCodes.HashOf(account, sent.Asked), sent.Account)
            ? sent
            : null;

    /// <summary>One try; a code that is right is used up by it.</summary>
    public async Task<bool> TryAsync(HttpContext context, string purpose, SentCode sent, string typed)
    {
        if (await codes.TryAsync(sent, typed, context.RequestAborted) != SentCodeAnswer.Right)
        {
            return false;
        }

        codes.Forget(context, purpose);
        return true;
    }
}
