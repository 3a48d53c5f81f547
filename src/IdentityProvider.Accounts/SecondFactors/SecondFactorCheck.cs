using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>Checks codes of the app (RFC 6238 §5.2) and recovery codes: limited, each good once, wrong ones in the audit trail.</summary>
public sealed class SecondFactorCheck(
    ITotpStore totps, IRecoveryCodeStore codes, TotpSecrets secrets, AccountLimits limits, ChangeRecords records, TimeProvider clock)
{
    /// <param name="account">Who has proved something else before.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="origin">From where.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<SecondFactorOutcome> CheckTotpAsync(Account account, string? typed, CodeOrigin origin, CancellationToken cancellationToken) =>
        CheckAsync(account, Proof.Totp, origin, () => TryUseTotpAsync(account, typed, cancellationToken), cancellationToken);

    /// <param name="account">Who has proved something else before.</param>
    /// <param name="typed">As typed.</param>
    /// <param name="origin">From where.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task<SecondFactorOutcome> CheckRecoveryCodeAsync(
        Account account, string? typed, CodeOrigin origin, CancellationToken cancellationToken) =>
        CheckAsync(account, Proof.RecoveryCode, origin, () => TryUseCodeAsync(account, typed, origin, cancellationToken), cancellationToken);

    /// <summary>A code of any other kind.</summary>
    /// <param name="account">Who has proved something else before.</param>
    /// <param name="proof">What the code proves.</param>
    /// <param name="origin">From where.</param>
    /// <param name="use">Whether it is right; then it is used up.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<SecondFactorOutcome> CheckAsync(
        Account account, Proof proof, CodeOrigin origin, Func<Task<bool>> use, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(proof);
        ArgumentNullException.ThrowIfNull(origin);
        ArgumentNullException.ThrowIfNull(use);
        using var attempt = await limits.TrySecondFactorAsync(account.Id, origin.DeviceId, cancellationToken);
        if (attempt.Refusal is not null)
        {
            return new SecondFactorOutcome.TooMany(attempt.RetryAfter);
        }

        if (!await use())
        {
            await records.AddAsync(
                records.Note(AuditEventTypes.SecondFactorFailed, account.Id, origin.RemoteAddress, proof.Method), cancellationToken);
            return new SecondFactorOutcome.Wrong();
        }

        await attempt.TakeBackAsync(cancellationToken);
        return new SecondFactorOutcome.Proved(proof);
    }

    private async Task<bool> TryUseTotpAsync(Account account, string? typed, CancellationToken cancellationToken) =>
        await totps.FindAsync(account.Id, cancellationToken) is { } authenticator
        && Totp.FindStep(secrets.Open(authenticator), typed, clock.GetUtcNow()) is { } step
        && await totps.TryUseAsync(account.Id, step, clock.GetUtcNow(), cancellationToken);

    /// <summary>Its use is told: its owner has lost the app, or somebody has found the paper.</summary>
    private async Task<bool> TryUseCodeAsync(Account account, string? typed, CodeOrigin origin, CancellationToken cancellationToken) =>
        RecoveryCode.HashOf(account.Id, typed) is { } hash
        && await codes.TryUseAsync(
            account.Id,
            hash,
            records.Tell(AuditEventTypes.RecoveryCodeUsed, AccountMailKind.RecoveryCodeUsed, account, origin.RemoteAddress),
            cancellationToken);
}

/// <summary>Where a code was typed.</summary>
/// <param name="RemoteAddress">For the audit trail.</param>
/// <param name="DeviceId">The browser, where the account is known in it.</param>
public sealed record CodeOrigin(string? RemoteAddress, Guid? DeviceId);
