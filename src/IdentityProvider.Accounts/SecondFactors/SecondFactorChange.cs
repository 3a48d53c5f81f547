using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Sessions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// Sets up and takes away an account's second factors. Every change gives the account a new security stamp: half sign-ins and the trust in browsers
/// end with it, and its person is told by mail.
/// </summary>
public sealed class SecondFactorChange(
    UserManager<Account> users, ITotpStore totps, IRecoveryCodeStore codes, TotpSecrets secrets, SecondFactorRecord record, TimeProvider clock)
{
    public const int RecoveryCodes = 10;

    /// <summary>
    /// Sets up the app when the first code is right, and makes recovery codes. Null when the code is wrong, the offer is not of this account or
    /// too old, or the account has an app already.
    /// </summary>
    /// <returns>The recovery codes, to be shown once.</returns>
    public async Task<IReadOnlyList<string>?> TryAddTotpAsync(
        Account account, string? offer, string? typed, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var now = clock.GetUtcNow();
        if (secrets.OpenOffer(account.Id, offer) is not { } secret || Totp.FindStep(secret, typed, now) is not { } step)
        {
            return null;
        }

        var authenticator = new TotpAuthenticator(account.Id, secrets.Seal(account.Id, secret), step, now, now);
        if (!await totps.TryAddAsync(authenticator, cancellationToken))
        {
            return null;
        }

        var fresh = await ReplaceCodesAsync(account, cancellationToken);
        await users.UpdateSecurityStampAsync(account);
        await record.NoteAsync(
            account, AuditEventTypes.SecondFactorAdded, SignInMethods.Totp, remoteAddress, AccountMailKind.SecondFactorAdded, cancellationToken);
        return fresh;
    }

    /// <summary>False when there was none.</summary>
    public async Task<bool> TryRemoveTotpAsync(Account account, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        if (!await totps.TryRemoveAsync(account.Id, cancellationToken))
        {
            return false;
        }

        await users.UpdateSecurityStampAsync(account);
        await record.NoteAsync(
            account, AuditEventTypes.SecondFactorRemoved, SignInMethods.Totp, remoteAddress, AccountMailKind.SecondFactorRemoved, cancellationToken);
        return true;
    }

    /// <summary>New recovery codes; the old ones are worthless.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(
        Account account, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var fresh = await ReplaceCodesAsync(account, cancellationToken);
        await users.UpdateSecurityStampAsync(account);
        await record.NoteAsync(
            account, AuditEventTypes.RecoveryCodesMade, method: null, remoteAddress, AccountMailKind.RecoveryCodesMade, cancellationToken);
        return fresh;
    }

    private async Task<IReadOnlyList<string>> ReplaceCodesAsync(Account account, CancellationToken cancellationToken)
    {
        string[] fresh = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => RecoveryCode.NewCode())];
        await codes.ReplaceAsync(
            account.Id, [.. fresh.Select(code => RecoveryCode.HashOf(account.Id, code)!.Value)], clock.GetUtcNow(), cancellationToken);
        return fresh;
    }
}
