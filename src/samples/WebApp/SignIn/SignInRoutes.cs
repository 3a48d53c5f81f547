using System.Security.Cryptography;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace WebApp.SignIn;

/// <summary>
/// Signing in, and signing out here and at the identity provider (OpenID Connect RP-Initiated Logout §2). All are forms:
/// a link on another site can neither sign anyone in nor out.
/// </summary>
internal static class SignInRoutes
{
    private const string StateCookie = "webapp.signout";

    public static void MapSignInAndOut(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/signin", SignInAsync);
        routes.MapPost("/signout", SignOutAsync);
        routes.MapPost("/signout-local", SignOutHereAsync);
        routes.MapGet("/signout-callback", SignedOut);
    }

    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery) =>
        await antiforgery.IsRequestValidAsync(context)
            ? Results.Challenge(new AuthenticationProperties { RedirectUri = "/" }, [SignInRegistration.Scheme])
            : Results.BadRequest();

    private static async Task<IResult> SignOutHereAsync(HttpContext context, IAntiforgery antiforgery)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        await context.SignOutAsync();
        return Results.LocalRedirect("/");
    }

    private static async Task<IResult> SignOutAsync(
        HttpContext context, IAntiforgery antiforgery, IssuerDiscovery discovery, IOptions<SiteOptions> site)
    {
        if (!await antiforgery.IsRequestValidAsync(context))
        {
            return Results.BadRequest();
        }

        // Here first: whatever becomes of the rest, this site has forgotten its user.
        var idToken = await context.GetTokenAsync("id_token");
        await context.SignOutAsync();
        var metadata = await discovery.GetAsync(context.RequestAborted);
        var state = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(16));
        context.Response.Cookies.Append(StateCookie, state, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = context.Request.IsHttps,
            MaxAge = TimeSpan.FromMinutes(15),
        });
        return Results.Redirect(QueryHelpers.AddQueryString(metadata.EndSessionEndpoint, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["id_token_hint"] = idToken,
            ["client_id"] = site.Value.ClientId,
            ["post_logout_redirect_uri"] = $"{context.Request.Scheme}://{context.Request.Host}/signout-callback",
            ["state"] = state,
        }.Where(parameter => parameter.Value is not null)));
    }

    private static IResult SignedOut(HttpContext context, string? state)
    {
        var isOurs = state is not null && string.Equals(context.Request.Cookies[StateCookie], state, StringComparison.Ordinal);
        context.Response.Cookies.Delete(StateCookie);
        return Results.LocalRedirect(isOurs ? "/?signedout=true" : "/");
    }
}
