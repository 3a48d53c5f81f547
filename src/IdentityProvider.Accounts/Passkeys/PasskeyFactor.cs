using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>A passkey after another proof: the best of second factors.</summary>
public sealed class PasskeyFactor(IPasskeyStore passkeys, PasskeyRelyingParty party) : ISecondFactor
{
    public string Method => SignInMethods.Passkey;

    public async Task<bool> IsSetUpAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return party.IsPossible && (await passkeys.ListAsync(account.Id, cancellationToken)).Count > 0;
    }
}
