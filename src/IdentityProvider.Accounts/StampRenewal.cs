namespace IdentityProvider.Accounts;

/// <summary>
/// A new security stamp, for an account that still has the one it was read with: what was under way while the password was reset, or a factor
/// changed, must change nothing.
/// </summary>
/// <param name="Known">The account's, as read before anything was proved.</param>
/// <param name="Fresh">The account's from now on; none had it before.</param>
public sealed record StampRenewal(string Known, string Fresh)
{
    public static StampRenewal Of(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new StampRenewal(account.SecurityStamp ?? string.Empty, Account.NewStamp());
    }
}
