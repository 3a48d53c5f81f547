using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>Asks a person what a client may do (OIDC Core §3.1.2.4). What is allowed is remembered until it is withdrawn.</summary>
internal sealed class ConsentPage(
    BrowserSession sessions,
    PageFlows flows,
    ConsentDesk desk,
    People people,
    IHtmlLocalizer<PageTexts> texts) : HostedPage
{
    public ClientTile Tile { get; private set; } = null!;

    public Person Person { get; private set; } = null!;

    public IReadOnlyList<ScopeText> Scopes { get; private set; } = [];

    /// <summary>The session that was shown: a decision counts for no other person.</summary>
    public string Sid { get; private set; } = string.Empty;

    /// <summary>The request that was shown: a decision counts for no other client.</summary>
    public string RequestId { get; private set; } = string.Empty;

    /// <summary>Key of a text about a client that registered itself; null for those the operator knows.</summary>
    public string? Warning { get; private set; }

    public async Task<IActionResult> OnGetAsync(string? flow)
    {
        if (flows.Open(HttpContext, flow) is not { } request)
        {
            return flows.StartAgain(HttpContext);
        }

        if (await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } session)
        {
            return SeeOther(flows.ReturnAddress(request.Pending));
        }

        SecurityHeaders.ForPage(HttpContext, request.Destination);
        Tile = ClientTile.Of(request.Client, desk.Issuer, request.Destination, texts);
        Person = await people.GetAsync(session.Subject, HttpContext.RequestAborted);
        Scopes = desk.TextsOf(request.Request.ConsentScope);
        (Sid, RequestId) = (session.Sid, request.Pending.Id.ToString("N"));
        Warning = !request.Client.IsSelfRegistered ? null
            : string.Equals(request.Destination.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal) ? "Consent.Unverified" : "Consent.UnverifiedDevice";
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? flow, string? session, string? request, string? decision)
    {
        if (flows.Open(HttpContext, flow) is not { } open
            || !string.Equals(request, open.Pending.Id.ToString("N"), StringComparison.Ordinal))
        {
            return flows.StartAgain(HttpContext);
        }

        if (await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted) is not { } present
            || !string.Equals(session, present.Sid, StringComparison.Ordinal))
        {
            // Signed out or somebody else in the meantime: nothing was decided, and the endpoint asks again.
            return SeeOther(flows.ReturnAddress(open.Pending));
        }

        switch (decision)
        {
            case "allow":
                return SeeOther(flows.ReturnAddress(await AllowAsync(open, present)));
            case "deny":
                return SeeOther(flows.ReturnAddress(open.Pending with { Denied = true }));
            default:
                return flows.StartAgain(HttpContext);
        }
    }

    private async Task<PendingAuthorization> AllowAsync(PageFlow open, Session session)
    {
        var scope = open.Request.ConsentScope;
        await desk.AllowAsync(session, open.Client.ClientId, scope, RemoteAddress, HttpContext.RequestAborted);
        return open.Pending with { Consent = new ConsentDecision(session.Id, scope) };
    }
}
