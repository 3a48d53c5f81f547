using System.Data.Common;
using System.Text.Json;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>
/// Creates accounts with a mail address, which is also the user name, and a password; its owner is asked by mail to confirm it. Whoever has
/// created one is signed in at once, so a taken address cannot be hidden: it is refused openly.
/// </summary>
public sealed class AccountSignUp(UserManager<Account> users, PasswordHashingQueue hashing, IAccountMail mail, IAuditTrail audit, TimeProvider clock)
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
        var problems = new SignUpProblems
        {
            NameIsBad = cleanName.Length > MaxNameLength || !AccountFinder.IsText(cleanName),
            Email = IsEmail(cleanEmail) ? null : EmailProblem.Malformed,
            Password = PasswordRules.FindProblem(password, cleanName, cleanEmail),
        };
        if (problems.Any)
        {
            return new SignUpOutcome.Refused(problems);
        }

        var account = Account.Create(cleanEmail, cleanEmail, clock.GetUtcNow());
        account.Claims = cleanName.Length == 0 ? null : JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = cleanName });
        account.PasswordHash = await hashing.HashAsync(account, password, cancellationToken);
        if (account.PasswordHash is null)
        {
            return new SignUpOutcome.Busy();
        }

        if (!await TryCreateAsync(account))
        {
            return new SignUpOutcome.Refused(new SignUpProblems { Email = EmailProblem.Taken });
        }

        var entry = new AuditEvent
        {
            Type = AuditEventTypes.AccountCreated,
            At = account.CreatedAt,
            Subject = account.Id,
            RemoteAddress = remoteAddress,
        };
        await Task.WhenAll(
            audit.AppendAsync(entry, cancellationToken),
            mail.QueueAsync(new MailOrder(AccountMailKind.EmailVerification) { AccountId = account.Id }, cancellationToken));
        return new SignUpOutcome.Created(account);
    }

    private async Task<bool> TryCreateAsync(Account account)
    {
        try
        {
            return await users.FindByEmailAsync(account.Email!) is null && (await users.CreateAsync(account)).Succeeded;
        }
        catch (Exception exception) when (exception.InnerException is DbException)
        {
            // Two sent at once: the index decided, and the other one stands. Anything else is an outage.
            if (await users.FindByNameAsync(account.UserName!) is null && await users.FindByEmailAsync(account.Email!) is null)
            {
                throw;
            }

            return false;
        }
    }

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
