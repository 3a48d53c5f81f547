using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>The authenticator app as a second factor.</summary>
public sealed class TotpFactor(ITotpStore totps) : ISecondFactor
{
    public string Method => SignInMethods.Totp;

    public async Task<bool> IsSetUpAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return await totps.FindAsync(account.Id, cancellationToken) is not null;
    }
}

/// <summary>Recovery codes as a second factor, for who has lost the other.</summary>
public sealed class RecoveryCodeFactor(IRecoveryCodeStore codes) : ISecondFactor
{
    public string Method => SignInMethods.RecoveryCode;

    public async Task<bool> IsSetUpAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return await codes.CountAsync(account.Id, cancellationToken) > 0;
    }
}
