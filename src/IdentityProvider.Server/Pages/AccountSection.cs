using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>A page of the account, for who is signed in; all of them have one frame, <c>_AccountLayout</c>.</summary>
internal abstract class AccountSection(BrowserSession browser, string path, params string[] doneWords) : HostedPage
{
    /// <summary>Of this page, under the application's root.</summary>
    protected string Path => path;

    /// <summary>What was just done, a word of the page's own; null when nothing was.</summary>
    public string? Done { get; private set; }

    /// <summary>Who is signed in; null: <see cref="SignIn"/>.</summary>
    protected Task<Session?> EnterAsync(string? done = null)
    {
        Done = Array.Find(doneWords, word => string.Equals(word, done, StringComparison.Ordinal));
        return browser.ReadAsync(HttpContext, HttpContext.RequestAborted);
    }

    protected IActionResult SignIn() => SeeOther($"~{EndpointPaths.SignIn}?{PageParameters.ReturnUrl}={path}");

    protected IActionResult Finished(string what) => SeeOther($"~{path}?{PageParameters.Done}={what}");
}
