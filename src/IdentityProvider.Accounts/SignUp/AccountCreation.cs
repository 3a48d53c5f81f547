using System.Data.Common;
using System.Text.Json;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>Makes accounts of drafts. Of two for one address one is made: the index decides.</summary>
public sealed class AccountCreation(UserManager<Account> users, IAccountMail mail, IAuditTrail audit)
{
    /// <summary>Null when somebody has the address.</summary>
    /// <param name="draft">What was asked for.</param>
    /// <param name="emailConfirmed">Whether its owner has proved the address already.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<Account?> TryCreateAsync(SignUpDraft draft, bool emailConfirmed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var account = new Account
        {
            Id = draft.AccountId,
            UserName = draft.Email,
            Email = draft.Email,
            EmailConfirmed = emailConfirmed,
            PasswordHash = draft.PasswordHash,
            CreatedAt = draft.At,
            UpdatedAt = draft.At,
            Claims = draft.Name is { Length: > 0 } name
                ? JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name })
                : null,
        };
        if (!await TryInsertAsync(account))
        {
            return null;
        }

        var entry = new AuditEvent
        {
            Type = AuditEventTypes.AccountCreated,
            At = account.CreatedAt,
            Subject = account.Id,
            RemoteAddress = draft.RemoteAddress,
        };
        await audit.AppendAsync(entry, cancellationToken);
        return account;
    }

    /// <summary>
    /// Creates the account, or finds that there is one; either way its owner is told by mail and nobody else learns which it was. May be called
    /// again for the same draft.
    /// </summary>
    public async Task AnswerByMailAsync(SignUpDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);

        // By its id: an attempt that was cut short may have created it.
        var account = await users.FindByIdAsync(draft.AccountId)
            ?? await TryCreateAsync(draft, emailConfirmed: false, cancellationToken)
            ?? await users.FindByEmailAsync(draft.Email)
            ?? await users.FindByNameAsync(draft.Email);
        if (account is null)
        {
            // Deleted or renamed this very moment, or a name that Identity does not take.
            return;
        }

        var order = account.EmailConfirmed
            ? new MailOrder(AccountMailKind.AlreadyRegistered) { Link = EndpointPaths.SignIn }
            : new MailOrder(AccountMailKind.EmailVerification) { Language = draft.Language };
        await mail.QueueAsync(order with { AccountId = account.Id }, cancellationToken);
    }

    /// <summary>Whether somebody has the address, as address or as name.</summary>
    public async Task<bool> IsTakenAsync(string email) =>
        await users.FindByEmailAsync(email) is not null || await users.FindByNameAsync(email) is not null;

    private async Task<bool> TryInsertAsync(Account account)
    {
        try
        {
            return await users.FindByEmailAsync(account.Email!) is null && (await users.CreateAsync(account)).Succeeded;
        }
        catch (Exception exception) when (exception.InnerException is DbException)
        {
            // Two sent at once: the index decided, and the other one stands. Anything else is an outage.
            if (!await IsTakenAsync(account.Email!))
            {
                throw;
            }

            return false;
        }
    }
}
