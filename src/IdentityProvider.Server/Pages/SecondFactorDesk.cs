using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's second factors as they see and change them.</summary>
internal sealed class SecondFactorDesk(
    ITotpStore totps, IRecoveryCodeStore codes, IDeviceStore devices, SecondFactorChange change, SignInPolicy policy, IAuditTrail audit, TimeProvider clock)
{
    public async Task<SecondFactorState> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var known = await devices.ListAsync(account.Id, now, cancellationToken);
        return new SecondFactorState(
            await totps.FindAsync(account.Id, cancellationToken),
            await codes.CountAsync(account.Id, cancellationToken),
            policy.RequiresSecondFactor(account),
            [.. known.Where(device => device.IsTrusted(account, now))]);
    }

    /// <summary>Removes the app and the recovery codes. False when there is none.</summary>
    public Task<bool> TryRemoveAsync(Account account, string? remoteAddress, CancellationToken cancellationToken) =>
        change.TryRemoveTotpAsync(account, remoteAddress, cancellationToken);

    /// <summary>New recovery codes; null when there is no app that they could stand in for.</summary>
    public async Task<IReadOnlyList<string>?> RenewCodesAsync(Account account, string? remoteAddress, CancellationToken cancellationToken) =>
        await totps.FindAsync(account.Id, cancellationToken) is null
            ? null
            : await change.RenewRecoveryCodesAsync(account, remoteAddress, cancellationToken);

    /// <summary>From now on that browser is like any other. False when the account is not known in it.</summary>
    public async Task<bool> TryForgetAsync(Account account, Guid device, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (!await devices.TryRemoveAsync(account.Id, device, cancellationToken))
        {
            return false;
        }

        var entry = new AuditEvent
        {
            Type = AuditEventTypes.DeviceForgotten,
            At = clock.GetUtcNow(),
            Subject = account.Id,
            RemoteAddress = remoteAddress,
        };
        await audit.AppendAsync(entry, cancellationToken);
        return true;
    }
}

/// <summary>What an account has.</summary>
/// <param name="App">Null when it has none.</param>
/// <param name="CodesLeft">Recovery codes that can be used.</param>
/// <param name="IsRequired">Whether it must have a second factor.</param>
/// <param name="Trusted">Browsers that stand for it at present.</param>
internal sealed record SecondFactorState(TotpAuthenticator? App, int CodesLeft, bool IsRequired, IReadOnlyList<Device> Trusted);
