using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Accounts.Mail;

/// <summary>
/// Links that act for a person: sealed tokens bound to the purpose, the account and its state. Nothing of them is stored. Whatever changes
/// the state kills them, and what they do changes it, by a write that holds only while the state is the one they speak of: each works once.
/// </summary>
public sealed class AccountLinks(ISealing sealing, TimeProvider clock) : IAccountLinks
{
    /// <summary>For what takes over an account: a new password, the end of a pause.</summary>
    public static readonly TimeSpan ShortLifetime = TimeSpan.FromMinutes(30);

    /// <summary>For the proof that an address is read by its owner.</summary>
    public static readonly TimeSpan LongLifetime = TimeSpan.FromDays(1);

    /// <summary>Query parameter of the pages that take a token.</summary>
    public const string Parameter = "token";

    public string? MakeFor(MailOrder order, Account account)
    {
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(account);
        return order.Kind switch
        {
            AccountMailKind.PasswordReset => At(EndpointPaths.ResetPassword, Make(AccountLinkPurpose.ResetPassword, account, null, ShortLifetime)),
            AccountMailKind.AccountPaused => At(EndpointPaths.EndPause, Make(AccountLinkPurpose.EndPause, account, null, ShortLifetime)),
            AccountMailKind.EmailVerification when !account.EmailConfirmed =>
                At(EndpointPaths.ConfirmEmail, Make(AccountLinkPurpose.ConfirmEmail, account, account.Email, LongLifetime)),
            AccountMailKind.EmailChangeConfirmation when order.Address is { } address =>
                At(EndpointPaths.ConfirmEmail, Make(AccountLinkPurpose.ChangeEmail, account, address, LongLifetime)),
            _ => null,
        };
    }

    /// <summary>A token for the account as it is now.</summary>
    public string Make(AccountLinkPurpose purpose, Account account, string? email, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(account);
        var link = new AccountLink(purpose, account.Id, StateOf(purpose, account), email, clock.GetUtcNow() + lifetime);
        return sealing.Seal(SealPurpose.AccountLink, JsonSerializer.SerializeToUtf8Bytes(link));
    }

    /// <summary>What the token says, or null when it is forged, of another purpose, or too old. Whether the state still is the same: <see cref="Fits"/>.</summary>
    public AccountLink? Open(string? token, params ReadOnlySpan<AccountLinkPurpose> purposes)
    {
        if (sealing.Open(SealPurpose.AccountLink, token ?? string.Empty) is not { } json)
        {
            return null;
        }

        var link = JsonSerializer.Deserialize<AccountLink>(json)!;
        return purposes.Contains(link.Purpose) && link.ExpiresAt > clock.GetUtcNow() ? link : null;
    }

    /// <summary>Whether the account is as it was when the link was made.</summary>
    public static bool Fits(AccountLink link, Account account)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(account);
        return string.Equals(link.AccountId, account.Id, StringComparison.Ordinal)
            && string.Equals(link.State, StateOf(link.Purpose, account), StringComparison.Ordinal);
    }

    private static string StateOf(AccountLinkPurpose purpose, Account account)
    {
        // To prove the present address again does no harm whatever else has changed. Parts are joined by what none of them holds.
        var isProofOnly = purpose == AccountLinkPurpose.ConfirmEmail;
        var state = string.Join(
            '\0',
            purpose.ToString(),
            isProofOnly ? null : account.SecurityStamp,
            isProofOnly ? null : account.PasswordHash,
            account.NormalizedEmail,
            account.EmailConfirmed.ToString(),
            account.Disabled.ToString(),
            purpose == AccountLinkPurpose.EndPause ? account.AccessFailedCount.ToString(CultureInfo.InvariantCulture) : null);
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(state)));
    }

    private static string At(string path, string token) => $"{path}?{Parameter}={token}";
}

/// <summary>What a token says.</summary>
/// <param name="Purpose">What it may be used for.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="State">SHA-256 of the account's state, base64url.</param>
/// <param name="Email">The address that is proved by having it; null where none is.</param>
/// <param name="ExpiresAt">When it is void.</param>
public sealed record AccountLink(AccountLinkPurpose Purpose, string AccountId, string State, string? Email, DateTimeOffset ExpiresAt);

/// <summary>What a link may be used for.</summary>
public enum AccountLinkPurpose
{
    ResetPassword = 1,
    EndPause = 2,
    ConfirmEmail = 3,
    ChangeEmail = 4,
}
