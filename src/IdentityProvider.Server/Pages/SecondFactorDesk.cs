using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Codes;
using IdentityProvider.Accounts.Devices;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Accounts.SignIn;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's second factors as they see and change them.</summary>
internal sealed class SecondFactorDesk(
    ITotpStore totps, IRecoveryCodeStore codes, TelephoneFactor telephone, SecondFactorChange change, SignInPolicy policy, TrustedBrowsers browsers)
{
    public async Task<SecondFactorState> ReadAsync(Account account, CancellationToken cancellationToken) => new(
        await totps.FindAsync(account.Id, cancellationToken),
        await telephone.FindNumberAsync(account, cancellationToken) is { } number ? TelephoneNumber.Mask(number) : null,
        await codes.CountAsync(account.Id, cancellationToken),
        policy.RequiresSecondFactor(account),
        await browsers.ListAsync(account, cancellationToken));

    /// <summary>Removes the app and the recovery codes. False when there is none, or the account has changed since it was read.</summary>
    public Task<bool> TryRemoveAsync(Account account, string? remoteAddress, CancellationToken cancellationToken) =>
        change.TryRemoveTotpAsync(account, remoteAddress, cancellationToken);

    /// <summary>
    /// New recovery codes; null when there is no app that they could stand in for, or the account has changed since it was read.
    /// </summary>
    public async Task<IReadOnlyList<string>?> RenewCodesAsync(Account account, string? remoteAddress, CancellationToken cancellationToken) =>
        await totps.FindAsync(account.Id, cancellationToken) is null
            ? null
            : await change.TryRenewRecoveryCodesAsync(account, remoteAddress, cancellationToken);

    /// <summary>From now on that browser is like any other. False when the account is not known in it.</summary>
    public Task<bool> TryForgetAsync(Account account, Guid device, string? remoteAddress, CancellationToken cancellationToken) =>
        browsers.TryForgetAsync(account, device, remoteAddress, cancellationToken);
}

/// <summary>What an account has.</summary>
/// <param name="App">Null when it has none.</param>
/// <param name="Telephone">The last digits of its number; null when it has none.</param>
/// <param name="CodesLeft">Recovery codes that can be used.</param>
/// <param name="IsRequired">Whether it must have a second factor.</param>
/// <param name="Trusted">Browsers that stand for it at present.</param>
internal sealed record SecondFactorState(TotpAuthenticator? App, string? Telephone, int CodesLeft, bool IsRequired, IReadOnlyList<Device> Trusted);
