using System.Globalization;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.SignIn;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>Makes a draft of what a person typed, with the password hashed.</summary>
public sealed class SignUpDrafts(NewPasswords rules, PasswordHashingQueue hashing, TimeProvider clock)
{
    public const int MaxNameLength = 100;

    /// <summary>RFC 5321 §4.5.3.1.3, less the angle brackets.</summary>
    public const int MaxEmailLength = 254;

    /// <param name="name">What to call the person; may be empty.</param>
    /// <param name="email">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Gives up while waiting for a worker.</param>
    /// <returns>The draft, or why there is none: <see cref="SignUpOutcome.Refused"/> or <see cref="SignUpOutcome.Busy"/>.</returns>
    internal async Task<(SignUpDraft? Draft, SignUpOutcome? Refusal)> TryMakeAsync(
        string name, string email, string password, string? remoteAddress, CancellationToken cancellationToken)
    {
        var (cleanName, cleanEmail) = (name.Trim(), email.Trim());
        var problems = new SignUpProblems
        {
            NameIsBad = cleanName.Length > MaxNameLength || !AccountFinder.IsText(cleanName),
            Email = IsEmail(cleanEmail) ? null : EmailProblem.Malformed,
            Password = await rules.FindProblemAsync(password, [cleanName, cleanEmail], cancellationToken),
        };
        if (problems.Any)
        {
            return (null, new SignUpOutcome.Refused(problems));
        }

        var account = Account.Create(cleanEmail, cleanEmail, clock.GetUtcNow());
        if (await hashing.HashAsync(account, password, cancellationToken) is not { } hash)
        {
            return (null, new SignUpOutcome.Busy());
        }

        var draft = new SignUpDraft
        {
            AccountId = account.Id,
            Email = cleanEmail,
            Name = cleanName,
            PasswordHash = hash,
            At = account.CreatedAt,
            RemoteAddress = remoteAddress,
            Language = CultureInfo.CurrentUICulture.Name,
        };
        return (draft, null);
    }

    /// <summary>
    /// Whether it is one address that mail can be written to and the claim <c>email</c> can hold (OIDC Core §5.1, RFC 5322 §3.4.1): <c>local@domain</c>
    /// of printable ASCII, nothing quoted, no list, no comment, as it stands in an envelope (RFC 5321 §4.1.2). Addresses with other letters need SMTPUTF8
    /// (RFC 6531), which is not spoken; among them are those that look like somebody else's. Whether mail arrives, only mail can tell.
    /// </summary>
    public static bool IsEmail(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var at = value.IndexOf('@', StringComparison.Ordinal);
        return value.Length <= MaxEmailLength
            && at > 0
            && at < value.Length - 1
            && at == value.LastIndexOf('@')
            && value.All(c => c is > ' ' and <= '~' && !"\"(),:;<>[\\]".Contains(c, StringComparison.Ordinal));
    }
}
