using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>
/// A person's passkeys as they keep them: those of others do not exist here. Each change is told by mail. Whether the person proved who they are just
/// now is the caller's to ask.
/// </summary>
public sealed class PasskeyBook(
    PasskeyCeremonies ceremonies,
    IPasskeyStore passkeys,
    UserManager<Account> users,
    ChangeRecords records,
    TimeProvider clock)
{
    /// <summary>Passkeys of one account. More than anybody's devices.</summary>
    public const int MostPasskeys = 20;

    public Task<IReadOnlyList<Passkey>> ListAsync(string accountId, CancellationToken cancellationToken) =>
        passkeys.ListAsync(accountId, cancellationToken);

    /// <summary>What a browser needs to make one more; null when there are enough, or the account is gone.</summary>
    public async Task<PasskeyChallenge?> BeginAsync(
        string accountId, string displayName, string serviceName, CancellationToken cancellationToken)
    {
        var known = await passkeys.ListAsync(accountId, cancellationToken);
        return known.Count < MostPasskeys && await users.FindByIdAsync(accountId) is { } account
            ? await ceremonies.BeginRegistrationAsync(account, known, displayName, serviceName)
            : null;
    }

    /// <summary>Adds what the browser made for a challenge of <see cref="BeginAsync"/> that was taken for this and cannot be taken again.</summary>
    public async Task<PasskeyAddition> AddAsync(
        string accountId, string state, string? credential, string name, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(accountId) is not { } account)
        {
            return new PasskeyAddition.Refused("no such account");
        }

        var verdict = await ceremonies.VerifyRegistrationAsync(account, state, credential);
        if (verdict.Value is not { } made)
        {
            return new PasskeyAddition.Refused(verdict.Problem!);
        }

        var now = clock.GetUtcNow();
        var passkey = new Passkey
        {
            Id = Guid.CreateVersion7(now),
            CredentialId = made.CredentialId,
            AccountId = accountId,
            Name = PasskeyNames.TryParse(name) ?? "Passkey",
            PublicKey = made.PublicKey,
            SignCount = made.SignCount,
            Transports = made.Transports,
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
            CreatedAt = now,
        };
        var record = Tell(AuditEventTypes.PasskeyAdded, AccountMailKind.PasskeyAdded, account, passkey, remoteAddress);
        return await passkeys.TryAddAsync(passkey, account.SecurityStamp ?? string.Empty, MostPasskeys, record, cancellationToken)
            ? new PasskeyAddition.Added()
            : new PasskeyAddition.Refused("known credential id, too many passkeys, or the account has changed or is gone");
    }

    /// <summary>False when the person has no such passkey.</summary>
    public Task<bool> TryRenameAsync(string accountId, Guid id, string name, CancellationToken cancellationToken) =>
        passkeys.TryRenameAsync(accountId, id, name, cancellationToken);

    /// <summary>Removes a passkey, unless the person could not sign in without it.</summary>
    public async Task<PasskeyRemoval> RemoveAsync(string accountId, Guid id, string? remoteAddress, CancellationToken cancellationToken)
    {
        var known = await passkeys.ListAsync(accountId, cancellationToken);
        if (known.FirstOrDefault(passkey => passkey.Id == id) is not { } passkey || await users.FindByIdAsync(accountId) is not { } account)
        {
            return new PasskeyRemoval.Unknown();
        }

        var record = Tell(AuditEventTypes.PasskeyRemoved, AccountMailKind.PasskeyRemoved, account, passkey, remoteAddress);
        if (await passkeys.TryRemoveAsync(accountId, id, record, cancellationToken))
        {
            return new PasskeyRemoval.Removed();
        }

        var left = await passkeys.ListAsync(accountId, cancellationToken);
        return left.Any(other => other.Id == id) ? new PasskeyRemoval.IsLast() : new PasskeyRemoval.Unknown();
    }

    private ChangeRecord Tell(string type, AccountMailKind kind, Account account, Passkey passkey, string? remoteAddress) =>
        records.Tell(type, kind, account, remoteAddress, detail: $"passkey {passkey.Id:N}", subject: passkey.Name);
}

/// <summary>What came of adding a passkey.</summary>
public abstract record PasskeyAddition
{
    private PasskeyAddition()
    {
    }

    public sealed record Added : PasskeyAddition;

    /// <param name="Reason">For our log; may repeat what was sent.</param>
    public sealed record Refused(string Reason) : PasskeyAddition;
}

/// <summary>What came of removing a passkey.</summary>
public abstract record PasskeyRemoval
{
    private PasskeyRemoval()
    {
    }

    public sealed record Removed : PasskeyRemoval;

    /// <summary>The person has no such passkey, or no longer.</summary>
    public sealed record Unknown : PasskeyRemoval;

    /// <summary>The account has nothing else to sign in with.</summary>
    public sealed record IsLast : PasskeyRemoval;
}
