using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>
/// A telephone that codes are sent to, as a second factor. The number stands beside the account and not in its profile: who edits the one does not
/// change the other.
/// </summary>
public sealed class TelephoneFactor(IAccountMarkStore marks) : ISecondFactor
{
    /// <summary>Identity's token: its provider and its name.</summary>
    public const string Provider = "idp";

    public const string Name = "telephone";

    public string Method => SignInMethods.SmsCode;

    public async Task<bool> IsSetUpAsync(Account account, CancellationToken cancellationToken) =>
        await FindNumberAsync(account, cancellationToken) is not null;

    /// <summary>E.164; null when there is none. One read.</summary>
    public async Task<string?> FindNumberAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return account.NormalizedUserName is { } name
            ? (await marks.FindAsync(name, Provider, cancellationToken))?.Tokens.GetValueOrDefault(Name)
            : null;
    }
}
