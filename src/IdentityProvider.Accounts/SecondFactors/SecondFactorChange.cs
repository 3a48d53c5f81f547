using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// Sets up and takes away an account's second factors. Every change gives the account a new security stamp: half sign-ins and the trust in browsers
/// end with it, and its person is told by mail.
/// </summary>
public sealed class SecondFactorChange(
    ITotpStore totps, IRecoveryCodeStore codes, TotpSecrets secrets, ChangeRecords records, TimeProvider clock)
{
    public const int RecoveryCodes = 10;

    /// <summary>
    /// Sets up the app when the first code is right, and makes recovery codes. Null when the code is wrong, the offer is not of this account or
    /// too old, or the account has an app already or has changed since it was read.
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
        var (fresh, stamp) = (NewCodes(), StampRenewal.Of(account));
        var record = records.Tell(
            AuditEventTypes.SecondFactorAdded, AccountMailKind.SecondFactorAdded, account, remoteAddress, SignInMethods.Totp, SignInMethods.Totp);
        if (!await totps.TryAddAsync(authenticator, HashesOf(account, fresh), stamp, record, cancellationToken))
        {
            return null;
        }

        account.SecurityStamp = stamp.Fresh;
        return fresh;
    }

    /// <summary>False when there was none, or the account has changed since it was read.</summary>
    public async Task<bool> TryRemoveTotpAsync(Account account, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var stamp = StampRenewal.Of(account);
        var record = records.Tell(
            AuditEventTypes.SecondFactorRemoved, AccountMailKind.SecondFactorRemoved, account, remoteAddress, SignInMethods.Totp, SignInMethods.Totp);
        if (!await totps.TryRemoveAsync(account.Id, stamp, record, cancellationToken))
        {
            return false;
        }

        account.SecurityStamp = stamp.Fresh;
        return true;
    }

    /// <summary>New recovery codes; the old ones are worthless. Null, and nothing is done, when the account has changed since it was read.</summary>
    public async Task<IReadOnlyList<string>?> TryRenewRecoveryCodesAsync(
        Account account, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var (fresh, stamp) = (NewCodes(), StampRenewal.Of(account));
        var record = records.Tell(AuditEventTypes.RecoveryCodesMade, AccountMailKind.RecoveryCodesMade, account, remoteAddress);
        if (!await codes.TryReplaceAsync(account.Id, HashesOf(account, fresh), stamp, record, cancellationToken))
        {
            return null;
        }

        account.SecurityStamp = stamp.Fresh;
        return fresh;
    }

    private static string[] NewCodes() => [.. Enumerable.Range(0, RecoveryCodes).Select(_ => RecoveryCode.NewCode())];

    private static ReadOnlyMemory<byte>[] HashesOf(Account account, string[] fresh) =>
        [.. fresh.Select(code => RecoveryCode.HashOf(account.Id, code)!.Value)];
}
