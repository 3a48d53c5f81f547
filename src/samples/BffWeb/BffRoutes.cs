using BffWeb.SignIn;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace BffWeb;

/// <summary>What the page's script may ask its back end: who is signed in, signing in and out, and the API.</summary>
internal static class BffRoutes
{
    public static void MapBff(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/bff/login", LogInAsync);
        routes.MapGet("/bff/user", (HttpContext context) => new { name = context.User.FindFirst("name")?.Value, sub = context.User.FindFirst("sub")?.Value })
            .RequireCsrfHeader().RequireAuthorization();
        routes.MapPost("/bff/logout", LogOutAsync).RequireCsrfHeader();
        routes.MapMethods("/api/orders", ["GET", "POST"], (HttpContext context, OrdersProxy orders) => orders.ForwardAsync(context))
            .RequireCsrfHeader().RequireAuthorization();
    }

    private static async Task<IResult> LogInAsync(HttpContext context, IssuerDiscovery discovery, ILogger<IssuerDiscovery> logger)
    {
        // A link on another site signs nobody in.
        if (context.Request.Headers["Sec-Fetch-Site"] == "cross-site")
        {
            return Results.LocalRedirect("/");
        }

        try
        {
            await discovery.GetAsync(context.RequestAborted);
        }
        catch (IssuerUnavailableException exception)
        {
            Log.IssuerUnavailable(logger, exception.Message, exception.InnerException?.Message);
            return Results.LocalRedirect("/?problem=issuer");
        }

        return Results.Challenge(new AuthenticationProperties { RedirectUri = "/" }, [SignInRegistration.Scheme]);
    }

    /// <summary>Ends the session here and says where the browser goes to end it there: OpenID Connect RP-Initiated Logout §2.</summary>
    private static async Task<IResult> LogOutAsync(HttpContext context, IssuerDiscovery discovery, IOptions<SiteOptions> site)
    {
        var idToken = await context.GetTokenAsync("id_token");
        await context.SignOutAsync();
        if (idToken is null)
        {
            return Results.Json(new { location = "/" });
        }

        try
        {
            var metadata = await discovery.GetAsync(context.RequestAborted);
            var location = QueryHelpers.AddQueryString(metadata.EndSessionEndpoint, new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["id_token_hint"] = idToken,
                ["client_id"] = site.Value.ClientId,
                ["post_logout_redirect_uri"] = $"{context.Request.Scheme}://{context.Request.Host}/",
            });
            return Results.Json(new { location });
        }
        catch (IssuerUnavailableException)
        {
            return Results.Json(new { location = "/?problem=issuer" });
        }
    }
}
