using System.Globalization;
using System.Text;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace IdentityProvider.Server.Pages;

/// <summary>What every page can answer.</summary>
internal abstract class HostedPage : PageModel
{
    protected string? RemoteAddress => HttpContext.Connection.RemoteIpAddress?.ToString();

    /// <summary>303: the browser follows with GET, whatever the method was (RFC 9110 §15.4.4).</summary>
    /// <param name="path">Of our own, under <c>~/</c>, or an address that was verified.</param>
    protected IActionResult SeeOther(string path)
    {
        Response.Headers.Location = path.StartsWith('~') ? Url.Content(path) : path;
        return StatusCode(StatusCodes.Status303SeeOther);
    }

    /// <summary>Only a path of our own, as a header can hold it (RFC 3986 §2: ASCII); anything else leads to the account page.</summary>
    internal static string OwnAddress(string? returnUrl) =>
        RedirectHttpResult.IsLocalUrl(returnUrl) && returnUrl.StartsWith('/') && Ascii.IsValid(returnUrl)
            ? returnUrl
            : "~" + EndpointPaths.Account;

    /// <summary>A form that has to be mended.</summary>
    protected IActionResult Mend()
    {
        ViewData.HasProblem(true);
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>Nothing was wrong, but too much is going on.</summary>
    protected IActionResult ComeBack()
    {
        ViewData.HasProblem(true);
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        Response.Headers.RetryAfter = "5";
        return Page();
    }

    /// <summary>A limit is reached (RFC 6585 §4).</summary>
    protected IActionResult ComeBackAfter(TimeSpan pause)
    {
        ViewData.HasProblem(true);
        Response.StatusCode = StatusCodes.Status429TooManyRequests;
        Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Page();
    }

    /// <summary>A link that does not work, any more or at all; the page says what to do.</summary>
    protected IActionResult Gone()
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    protected static IActionResult NoSuchPage() => new PageAnswer(ErrorPage.NotFound(ErrorId.Create()));
}
