using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Server.Upstream;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A person's identities elsewhere: which can sign in here, one more, one less. Each change asks for a fresh proof.</summary>
internal sealed class LinkedPage(
    AccountGuard guard, UpstreamLinks links, UpstreamProviders providers, UpstreamRoundTrip roundTrip) : HostedPage
{
    private static readonly string[] DoneWords = ["linked", "unlinked"];

    public IReadOnlyList<LinkedLine> Lines { get; private set; } = [];

    public IReadOnlyList<UpstreamProvider> Providers => providers.All;

    public string? Done { get; private set; }

    /// <summary>Key of a text.</summary>
    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? done)
    {
        if (await guard.FindAsync(HttpContext) is not (_, { } account))
        {
            return SeeOther($"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={EndpointPaths.LinkedIdentities}");
        }

        Done = Array.Find(DoneWords, word => string.Equals(word, done, StringComparison.Ordinal));
        return await ShowAsync(account);
    }

    public async Task<IActionResult> OnPostLinkAsync(string? provider)
    {
        if (await EnterFreshlyAsync() is not ({ } session, { } account))
        {
            return await ProveFirstAsync();
        }

        if (providers.Find(provider) is not { } upstream)
        {
            return NoSuchPage();
        }

        var ticket = new UpstreamTicket { ProviderId = upstream.Id, LinkingSession = session.Id };
        if (await roundTrip.BeginAsync(HttpContext, upstream, ticket, loginHint: null) is { } address)
        {
            return SeeOther(address);
        }

        Problem = "Linked.Unavailable";
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return await ShowAsync(account);
    }

    public async Task<IActionResult> OnPostUnlinkAsync(string? provider, string? identity)
    {
        if (await EnterFreshlyAsync() is not (_, { } account))
        {
            return await ProveFirstAsync();
        }

        switch (await links.UnlinkAsync(account, provider ?? string.Empty, identity ?? string.Empty, RemoteAddress, HttpContext.RequestAborted))
        {
            case UnlinkOutcome.Unlinked:
                return SeeOther($"~{EndpointPaths.LinkedIdentities}?{PageParameters.Done}=unlinked");
            case UnlinkOutcome.LastWay:
                Problem = "Linked.LastWay";
                Response.StatusCode = StatusCodes.Status409Conflict;
                return await ShowAsync(account);
            default:
                return NoSuchPage();
        }
    }

    private async Task<IActionResult> ShowAsync(Account account)
    {
        Lines = [.. (await links.ListAsync(account, HttpContext.RequestAborted)).Select(LineOf)];

        // The form leads on to the provider, and Chromium holds that to form-action.
        if (Providers.Select(provider => new Uri(provider.Issuer)).OrderByDescending(issuer => issuer.Scheme.Length).LastOrDefault() is { } destination)
        {
            SecurityHeaders.ForPage(HttpContext, destination);
        }

        return Page();
    }

    private LinkedLine LineOf(LinkedIdentity identity)
    {
        var provider = providers.Find(identity.ProviderId);
        return new LinkedLine(
            identity.ProviderId,
            identity.Key,
            provider?.DisplayName ?? identity.ProviderId,
            provider is null ? ClientTile.InitialsOf(identity.ProviderId) : UpstreamButton.IconOf(provider),
            identity.Label);
    }

    private async Task<SignedInAccount?> EnterFreshlyAsync() => await guard.FindFreshAsync(HttpContext, await LevelAsync());

    private async Task<IActionResult> ProveFirstAsync() =>
        SeeOther(FreshSignIn.AddressFor(Url.Content("~" + EndpointPaths.LinkedIdentities), await LevelAsync()));

    private async Task<int> LevelAsync() => await guard.FindAsync(HttpContext) is { } entered
        ? await guard.LevelOfAsync(entered.Account, countsPasskeys: false, HttpContext.RequestAborted)
        : 1;
}

/// <summary>One identity as its person sees it.</summary>
internal sealed record LinkedLine(string ProviderId, string Key, string Name, string Icon, string? Label);
