using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// Sets up and takes away an account's second factors. Every change gives the account a new security stamp: half sign-ins and the trust in browsers
/// end with it.
/// </summary>
public sealed class SecondFactorChange(
    UserManager<Account> users, ITotpStore totps, IRecoveryCodeStore codes, TotpSecrets secrets, IAuditTrail audit, TimeProvider clock)
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
        await ChangedAsync(account, AuditEventTypes.SecondFactorAdded, "totp", remoteAddress, cancellationToken);
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

        await ChangedAsync(account, AuditEventTypes.SecondFactorRemoved, "totp", remoteAddress, cancellationToken);
        return true;
    }

    /// <summary>New recovery codes; the old ones are worthless.</summary>
    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(
        Account account, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var fresh = await ReplaceCodesAsync(account, cancellationToken);
        await ChangedAsync(account, AuditEventTypes.RecoveryCodesMade, detail: null, remoteAddress, cancellationToken);
        return fresh;
    }

    private async Task<IReadOnlyList<string>> ReplaceCodesAsync(Account account, CancellationToken cancellationToken)
    {
        string[] fresh = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => RecoveryCode.NewCode())];
        await codes.ReplaceAsync(
            account.Id, [.. fresh.Select(code => RecoveryCode.HashOf(account.Id, code)!.Value)], clock.GetUtcNow(), cancellationToken);
        return fresh;
    }

    private async Task ChangedAsync(
        Account account, string type, string? detail, string? remoteAddress, CancellationToken cancellationToken)
    {
        await users.UpdateSecurityStampAsync(account);
        var entry = new AuditEvent
        {
            Type = type,
            At = clock.GetUtcNow(),
            Subject = account.Id,
            RemoteAddress = remoteAddress,
            Detail = detail,
        };
        await audit.AppendAsync(entry, cancellationToken);
    }
}
