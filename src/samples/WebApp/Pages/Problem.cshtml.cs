using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;
using WebApp.SignIn;

namespace WebApp.Pages;

/// <summary>Tells what a person can do, not what broke inside.</summary>
[IgnoreAntiforgeryToken]
internal sealed class ProblemModel(IOptions<SiteOptions> site, ILogger<ProblemModel> logger) : PageModel
{
    public bool IsIssuerUnavailable { get; private set; }

    public bool IsSignIn { get; private set; }

    public string Issuer => site.Value.Issuer;

    public void OnGet(string? reason) => Explain(reason);

    public void OnPost() => Explain(reason: null);

    private void Explain(string? reason)
    {
        var unavailable = IssuerUnavailableException.In(HttpContext.Features.Get<IExceptionHandlerFeature>()?.Error);
        if (unavailable is not null)
        {
            IsIssuerUnavailable = true;
            Log.IssuerUnavailable(logger, Issuer, unavailable.InnerException?.Message);
        }

        IsSignIn = string.Equals(reason, "sign-in", StringComparison.Ordinal);
        Response.StatusCode = IsIssuerUnavailable ? StatusCodes.Status503ServiceUnavailable
            : IsSignIn ? StatusCodes.Status400BadRequest
            : StatusCodes.Status500InternalServerError;
    }
}
