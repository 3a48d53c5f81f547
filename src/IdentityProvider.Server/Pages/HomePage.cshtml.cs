using IdentityProvider.Server.Sessions;

namespace IdentityProvider.Server.Pages;

/// <summary>For people who come without an application.</summary>
internal sealed class HomePage(BrowserSession sessions, SignInPageSettings settings) : HostedPage
{
    public bool IsSignedIn { get; private set; }

    public bool OffersRegistration => settings.OffersRegistration;

    public async Task OnGetAsync() => IsSignedIn = await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted) is not null;
}
