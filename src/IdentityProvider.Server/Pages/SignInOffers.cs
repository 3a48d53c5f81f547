using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.SignIn;

namespace IdentityProvider.Server.Pages;

/// <summary>What can begin a sign-in: as the operator and the client decided.</summary>
internal sealed class SignInOffers(SignInPageSettings settings, PasskeyAvailability passkeys, EmailMethods emails, UpstreamProviders providers)
{
    /// <param name="place">For what.</param>
    /// <param name="fresh">Whether even who is signed in already is asked.</param>
    public SignInOffer At(SignInPlace place, bool fresh)
    {
        var password = settings.OffersPassword && place.Takes(SignInMethods.Password);
        return new SignInOffer
        {
            Tile = place.Client is { } client ? ClientTile.Of(client, settings.Issuer) : null,
            Password = password,
            Passkey = passkeys.IsOpen && place.Takes(SignInMethods.Passkey),
            Email = emails.Of(place),
            Providers = place.Takes(SignInMethods.Upstream)
                ? [.. providers.All.Select(provider => UpstreamButton.Of(provider, place, fresh))]
                : [],
            Remember = settings.OffersRemember,
            Registration = settings.OffersRegistration && password,
        };
    }
}

/// <summary>What the sign-in page offers.</summary>
internal sealed record SignInOffer
{
    /// <summary>Who asks; null when the person came by themselves.</summary>
    public ClientTile? Tile { get; init; }

    public bool Password { get; init; }

    public bool Passkey { get; init; }

    /// <summary><see cref="SignInMethods.EmailLink"/>, <see cref="SignInMethods.EmailCode"/>, or null when no mail signs in.</summary>
    public string? Email { get; init; }

    public IReadOnlyList<UpstreamButton> Providers { get; init; } = [];

    /// <summary>"Keep me signed in".</summary>
    public bool Remember { get; init; }

    public bool Registration { get; init; }
}
