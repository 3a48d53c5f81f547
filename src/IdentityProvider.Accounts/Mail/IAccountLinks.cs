namespace IdentityProvider.Accounts.Mail;

/// <summary>Makes the link of a mail at the moment it is sent.</summary>
public interface IAccountLinks
{
    /// <summary>Path and query under the issuer, or null when there is nothing to be done any more, so that no mail is sent.</summary>
    /// <param name="order">The mail.</param>
    /// <param name="account">As it is now.</param>
    string? MakeFor(MailOrder order, Account account);
}
