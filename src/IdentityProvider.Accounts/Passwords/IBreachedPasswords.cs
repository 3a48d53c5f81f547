namespace IdentityProvider.Accounts.Passwords;

/// <summary>Passwords that are known from breaches of other sites, where somebody keeps a list of them that we may ask.</summary>
public interface IBreachedPasswords
{
    /// <summary>Whether it is one of them. False too when nobody is asked, or nobody answers: an outage keeps no one from a new password.</summary>
    /// <param name="password">As it is compared: NFKC.</param>
    /// <param name="cancellationToken">Cancels the exchange.</param>
    Task<bool> ContainsAsync(string password, CancellationToken cancellationToken);
}
