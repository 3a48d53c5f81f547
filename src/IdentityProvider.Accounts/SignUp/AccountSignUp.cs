using System.Globalization;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.SignIn;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>
/// Takes the wish for an account with a mail address, which is also the user name, and a password. Where the address must be proved first, the
/// answer comes by mail and is the same whether it is taken; where not, whoever has created one is signed in at once, so a taken address
/// cannot be hidden and is refused openly.
/// </summary>
public sealed class AccountSignUp(
    EmailRequirement requirement,
    PendingSignUps pending,
    AccountCreation creation,
    NewPasswords rules,
    PasswordHashingQueue hashing,
    IAccountMail mail,
    TimeProvider clock)
{
    public const int MaxNameLength = 100;

    /// <summary>RFC 5321 §4.5.3.1.3, less the angle brackets.</summary>
    public const int MaxEmailLength = 254;

    /// <param name="name">What to call the person; may be empty.</param>
    /// <param name="email">As typed.</param>
    /// <param name="password">As typed.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Gives up while waiting for a worker.</param>
    public async Task<SignUpOutcome> SignUpAsync(
        string name, string email, string password, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(email);
        var (cleanName, cleanEmail) = (name.Trim(), email.Trim());
        var problems = await FindProblemsAsync(rules, cleanName, cleanEmail, password, cancellationToken);
        if (problems.Any)
        {
            return new SignUpOutcome.Refused(problems);
        }

        var account = Account.Create(cleanEmail, cleanEmail, clock.GetUtcNow());
        if (await hashing.HashAsync(account, password, cancellationToken) is not { } hash)
        {
            return new SignUpOutcome.Busy();
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
        if (requirement.IsOn)
        {
            await pending.QueueAsync(draft, cancellationToken);
            return new SignUpOutcome.AnsweredByMail();
        }

        if (await creation.TryCreateAsync(draft, emailConfirmed: false, cancellationToken) is not { } created)
        {
            return new SignUpOutcome.Refused(new SignUpProblems { Email = EmailProblem.Taken });
        }

        await mail.QueueAsync(new MailOrder(AccountMailKind.EmailVerification) { AccountId = created.Id }, cancellationToken);
        return new SignUpOutcome.Created(created);
    }

    internal static async Task<SignUpProblems> FindProblemsAsync(
        NewPasswords rules, string name, string email, string password, CancellationToken cancellationToken) =>
        new()
        {
            NameIsBad = name.Length > MaxNameLength || !AccountFinder.IsText(name),
            Email = IsEmail(email) ? null : EmailProblem.Malformed,
            Password = await rules.FindProblemAsync(password, [name, email], cancellationToken),
        };

    /// <summary>One @ with something on both sides and no blanks: whether mail arrives, only mail can tell.</summary>
    public static bool IsEmail(string value)
    {
        var at = value.IndexOf('@', StringComparison.Ordinal);
        return value.Length <= MaxEmailLength
            && at > 0
            && at == value.LastIndexOf('@')
            && at < value.Length - 1
            && AccountFinder.IsText(value)
            && !value.Any(char.IsWhiteSpace);
    }
}
