using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SecondFactors;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Offers secrets for authenticator apps, and shows one again whose first code was mistyped.</summary>
internal sealed class TotpOffers(TotpSecrets secrets, IOptions<PagesOptions> options)
{
    public TotpOffer New(Account account) => Show(account, secrets.NewOffer(account.Id));

    /// <summary>The same again while it may still be used, or a new one.</summary>
    public TotpOffer Again(Account account, string? offer) =>
        secrets.OpenOffer(account.Id, offer) is { } secret ? TotpOffer.Of(account, offer!, secret, options.Value.ServiceName) : New(account);

    private TotpOffer Show(Account account, string offer) =>
        TotpOffer.Of(account, offer, secrets.OpenOffer(account.Id, offer), options.Value.ServiceName);
}
