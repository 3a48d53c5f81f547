using System.Text.Json;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Configuration;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SignUp;

/// <summary>Makes accounts of drafts. Of two for one address one is made: the index decides.</summary>
public sealed class AccountCreation(IAccountCreationStore store, UserManager<Account> users, IAccountMail mail, ChangeRecords records)
{
    /// <summary>Stores the account, its history and, unless an invitation proves the address, the mail that asks for a proof.</summary>
    /// <param name="draft">What was asked for.</param>
    /// <param name="invitation">What is used up by it; null without one.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <returns>Null when somebody has the address, or the invitation was used or taken back.</returns>
    public async Task<Account?> TryCreateAsync(SignUpDraft draft, Invitation? invitation, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        var account = new Account
        {
            Id = draft.AccountId,
            UserName = draft.Email,
            NormalizedUserName = users.NormalizeName(draft.Email),
            Email = draft.Email,
            NormalizedEmail = users.NormalizeEmail(draft.Email),
            EmailConfirmed = invitation is not null,
            PasswordHash = draft.PasswordHash,
            SecurityStamp = Account.NewStamp(),
            CreatedAt = draft.At,
            UpdatedAt = draft.At,
            Claims = draft.Name is { Length: > 0 } name
                ? JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["name"] = name })
                : null,
        };
        var record = records.NoteCreation(account, draft.RemoteAddress, draft.Language);
        return await store.TryCreateAsync(new NewAccount(account) { Invitation = invitation }, record, cancellationToken) ? account : null;
    }

    /// <summary>
    /// Creates the account, or finds that there is one; either way its owner is told by mail and nobody else learns which it was. May be called
    /// again for the same draft.
    /// </summary>
    public async Task AnswerByMailAsync(SignUpDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);

        // By its id: an attempt whose end was not noted has created it, and told its owner.
        if (await users.FindByIdAsync(draft.AccountId) is not null || await TryCreateAsync(draft, invitation: null, cancellationToken) is not null)
        {
            return;
        }

        if ((await users.FindByEmailAsync(draft.Email) ?? await users.FindByNameAsync(draft.Email)) is not { } account)
        {
            // Deleted or renamed this very moment.
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
}
