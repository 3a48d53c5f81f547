using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Codes;
using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Server.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.SignIn;

/// <summary>
/// Codes that were sent, each in a sealed cookie of the browser that asked for it: one for each purpose, the newest alone. Tries are counted
/// before a code is compared, and using it up is one conditional write, so of any number at once one wins.
/// </summary>
internal sealed class SentCodes(
    ISealing sealing, IUsedJtiStore used, AttemptGate gate, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const string Prefix = "idp-code-";

    /// <summary>More of them in one browser push out the oldest: cookies share the limit of the request's headers.</summary>
    private const int Most = 3;

    /// <summary>Browsers keep 4,096 bytes of a cookie, its name and attributes included.</summary>
    private const int MaxLength = 3500;

    /// <summary>Names apart what is used once.</summary>
    private const string UsedAs = "sent code";

    /// <summary>For clocks that differ.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private static readonly AttemptLimit Tries = new("sent-code", OneTimeCode.Tries, TimeSpan.FromDays(1));

    /// <summary>16 hexadecimal digits that tell a purpose from others.</summary>
    public static string KeyOf(string purpose) => Convert.ToHexString(HashOf(purpose))[..16];

    public static string NameOf(string purpose) => Convert.ToHexString(HashOf(purpose));

    /// <summary>Whatever changes who the account is or how it is protected makes what was sent worthless.</summary>
    /// <param name="account">As it is now.</param>
    /// <param name="receiver">Mail address or telephone.</param>
    public static byte[] HashOf(Account account, string? receiver) => HashOf($"{account.Id}\0{receiver}\0{account.SecurityStamp}");

    public void Keep(HttpContext context, string purpose, SentCode code)
    {
        var secure = IsSecure(context);
        HostCookie.DropOldest(context, secure, Prefix, Most);
        var value = Seal(code);
        if (value.Length > MaxLength)
        {
            // A very long request: the link then leads to the page that says to type the code.
            value = Seal(code with { Flow = null, ReturnUrl = null, Link = null });
        }

        CookieOf(KeyOf(purpose)).Write(context, secure, value, OneTimeCode.Lifetime);
    }

    /// <summary>Null when this browser asked for none for the purpose, or too long ago.</summary>
    public SentCode? Read(HttpContext context, string purpose) =>
        ReadByKey(context, KeyOf(purpose)) is { } code && string.Equals(code.Purpose, NameOf(purpose), StringComparison.Ordinal) ? code : null;

    /// <param name="context">The request.</param>
    /// <param name="key">Of <see cref="KeyOf"/>, from a link.</param>
    public SentCode? ReadByKey(HttpContext context, string key)
    {
        if (CookieOf(key).Read(context, IsSecure(context)) is not { } value || sealing.Open(SealPurpose.SentCode, value) is not { } json)
        {
            return null;
        }

        var code = JsonSerializer.Deserialize(json, SentCodeJson.Default.SentCode)!;
        return clock.GetUtcNow() < code.ExpiresAt ? code : null;
    }

    public void Forget(HttpContext context, string purpose) => CookieOf(KeyOf(purpose)).Delete(context, IsSecure(context));

    /// <summary>One try. What is right is used up by it.</summary>
    public async Task<SentCodeAnswer> TryAsync(SentCode code, string? typed, CancellationToken cancellationToken)
    {
        var attempt = await gate.TryEnterAsync([(Tries, code.Id.ToString("N"))], cancellationToken);
        if (attempt.Refusal is not null)
        {
            return SentCodeAnswer.Dead;
        }

        if (!OneTimeCode.IsRight(code.Id, code.Code, typed))
        {
            return SentCodeAnswer.Wrong;
        }

        return await TryUseAsync(code, cancellationToken) ? SentCodeAnswer.Right : SentCodeAnswer.Dead;
    }

    /// <summary>At most one caller in the cluster is told true, by code or by link.</summary>
    public Task<bool> TryUseAsync(SentCode code, CancellationToken cancellationToken) =>
        used.TryUseAsync(UsedAs, code.Id.ToString("N"), code.ExpiresAt + Skew, cancellationToken);

    private static byte[] HashOf(string purpose) => SHA256.HashData(Encoding.UTF8.GetBytes(purpose));

    private static HostCookie CookieOf(string key) => new(Prefix + key, maxLength: MaxLength);

    private string Seal(SentCode code) =>
        sealing.Seal(SealPurpose.SentCode, JsonSerializer.SerializeToUtf8Bytes(code, SentCodeJson.Default.SentCode));

    private bool IsSecure(HttpContext context) => HostCookie.IsSecure(context, options.Value.Issuer);
}

/// <summary>What came of a try.</summary>
internal enum SentCodeAnswer
{
    Wrong,

    /// <summary>It was used, or tried too often.</summary>
    Dead,

    /// <summary>And now it is used.</summary>
    Right,
}
