using System.Globalization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Resources;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Connects a device (RFC 8628 §3.3): the person signs in, enters the code or comes with it (§3.3.1), sees who asks, and decides. A GET
/// decides nothing. Signing in comes first, so that whoever tries codes is somebody.
/// </summary>
internal sealed class DevicePage(
    BrowserSession sessions,
    DeviceVerification verification,
    DeviceSignIn signIn,
    DeviceQuestions questions,
    IStringLocalizer<PageTexts> texts,
    ILogger<DevicePage> logger) : HostedPage
{
    private const string Allowed = "allowed";
    private const string Denied = "denied";

    /// <summary>What the person is asked; null while a code is awaited.</summary>
    public DeviceQuestion? Question { get; private set; }

    /// <summary>What was decided, a word of ours; null before.</summary>
    public string? Done { get; private set; }

    /// <summary>Who is signed in.</summary>
    public string UserName { get; private set; } = string.Empty;

    /// <summary>The code as entered, when it has to be mended.</summary>
    public string? Typed { get; private set; }

    public string? Problem { get; private set; }

    public async Task<IActionResult> OnGetAsync([FromQuery(Name = ParameterNames.UserCode)] string? userCode, string? done)
    {
        if (done is Allowed or Denied)
        {
            Done = done;
            return Page();
        }

        if (await FindFreshSessionAsync() is not { } session)
        {
            return SignIn(userCode);
        }

        UserName = await questions.UserNameOf(session, HttpContext.RequestAborted);
        return string.IsNullOrEmpty(userCode) ? Page() : await AskAsync(userCode, session);
    }

    public async Task<IActionResult> OnPostAsync(
        [FromForm(Name = ParameterNames.UserCode)] string? userCode, [FromForm] string? session, [FromForm] string? decision)
    {
        if (await FindFreshSessionAsync() is not { } present)
        {
            return SignIn(userCode);
        }

        UserName = await questions.UserNameOf(present, HttpContext.RequestAborted);
        if (string.IsNullOrWhiteSpace(userCode))
        {
            Problem = texts["Device.CodeMissing"];
            return Mend();
        }

        // A decision counts for the person who was asked. When another one has signed in since, they are asked.
        var isDecision = decision is "allow" or "deny" && string.Equals(session, present.Sid, StringComparison.Ordinal);
        return isDecision ? await DecideAsync(userCode, present, decision is "allow") : await AskAsync(userCode, present);
    }

    private async Task<IActionResult> AskAsync(string userCode, Session session)
    {
        var lookup = await verification.FindAsync(userCode, session, RemoteAddress, HttpContext.RequestAborted);
        if (lookup is not DeviceLookup.Found found)
        {
            return Refuse(lookup, userCode);
        }

        Question = questions.Of(found, session, RemoteAddress);
        return Page();
    }

    private async Task<IActionResult> DecideAsync(string userCode, Session session, bool allow)
    {
        var lookup = await verification.FindAsync(userCode, session, RemoteAddress, HttpContext.RequestAborted);
        if (lookup is not DeviceLookup.Found found)
        {
            return Refuse(lookup, userCode);
        }

        var isFirst = allow
            ? await verification.TryApproveAsync(found, session, RemoteAddress, HttpContext.RequestAborted)
            : await verification.TryDenyAsync(found, session, RemoteAddress, HttpContext.RequestAborted);
        return isFirst
            ? SeeOther($"~{EndpointPaths.Device}?{PageParameters.Done}={(allow ? Allowed : Denied)}")
            : Refuse(new DeviceLookup.Unknown(), userCode);
    }

    private IActionResult Refuse(DeviceLookup lookup, string userCode)
    {
        Typed = userCode.Length <= UserCode.MaxTypedLength ? userCode : null;
        switch (lookup)
        {
            case DeviceLookup.SignInAgain(var level):
                return SignIn(userCode, level);
            case DeviceLookup.TooMany(var limit, var retryAfter):
                Log.CodeEntryRefused(logger, limit, RemoteAddress);
                Problem = texts["Device.TooMany", (int)Math.Ceiling(retryAfter.TotalMinutes)];
                ViewData.HasProblem(true);
                Response.StatusCode = StatusCodes.Status429TooManyRequests;
                Response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                return Page();
            default:
                Problem = texts["Device.CodeUnknown"];
                return Mend();
        }
    }

    private async Task<Session?> FindFreshSessionAsync() =>
        await sessions.ReadAsync(HttpContext, HttpContext.RequestAborted) is { } session && signIn.IsFreshEnough(session) ? session : null;

    /// <summary>The sign-in page, also for who is signed in but not recently enough; it leads back here.</summary>
    private IActionResult SignIn(string? userCode, int level = 0)
    {
        var back = Url.Content("~" + EndpointPaths.Device);
        if (UserCode.TryParse(userCode) is { } code)
        {
            back += $"?{ParameterNames.UserCode}={code.Display}";
        }

        return SeeOther(
            $"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={Uri.EscapeDataString(back)}&{PageParameters.Fresh}=true"
            + (level > 0 ? string.Create(CultureInfo.InvariantCulture, $"&{PageParameters.Level}={level}") : string.Empty));
    }
}
