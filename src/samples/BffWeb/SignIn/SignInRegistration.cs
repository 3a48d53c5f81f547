using BffWeb.Sessions;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace BffWeb.SignIn;

/// <summary>Signs people in at the identity provider by authorization code with PKCE, and keeps what comes of it on the server.</summary>
internal static class SignInRegistration
{
    /// <summary>The authentication scheme that goes to the identity provider.</summary>
    public const string Scheme = "IdentityProvider";

    public static IServiceCollection AddSignIn(this IServiceCollection services, SiteOptions site)
    {
        services.AddSingleton<IssuerDiscovery>();
        services.AddSingleton<TokenRefresh>();
        services.AddSingleton<UserTicket>();
        services.AddSingleton<SessionStore>();
        services.AddOptions<CookieAuthenticationOptions>(CookieAuthenticationDefaults.AuthenticationScheme)
            .Configure<SessionStore>((cookie, sessions) => cookie.SessionStore = sessions);
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(Configure)
            .AddOAuth<OAuthOptions, IdentityProviderHandler>(Scheme, oauth => Configure(oauth, site));
        return services;
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        // __Host-: this host's only, over TLS only (RFC 6265bis §4.1.3.2). Browsers take http://localhost for safe; Safari does not.
        // Strict: no link from elsewhere brings it along. The page itself is the same for everyone, its script asks who is signed in.
        cookie.Cookie.Name = "__Host-bff-web";
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.Path = "/";
        cookie.ExpireTimeSpan = TimeSpan.FromHours(8);

        // A script that asks without a session needs a status, not a page.
        cookie.Events.OnRedirectToLogin = context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };
        cookie.Events.OnValidatePrincipal = context =>
            context.HttpContext.RequestServices.GetRequiredService<TokenRefresh>().ValidateAsync(context);
    }

    private static void Configure(OAuthOptions oauth, SiteOptions site)
    {
        oauth.ClientId = site.ClientId;
        oauth.ClientSecret = site.ClientSecret;
        oauth.CallbackPath = "/bff/callback";
        oauth.UsePkce = true;
        oauth.SaveTokens = true;
        oauth.CorrelationCookie.Name = "__Host-bff-web.correlation.";
        oauth.CorrelationCookie.Path = "/";
        oauth.CorrelationCookie.SameSite = SameSiteMode.Lax;
        oauth.CorrelationCookie.SecurePolicy = CookieSecurePolicy.Always;

        // The real ones come from discovery, when the first person signs in; the framework asks for some at start.
        oauth.AuthorizationEndpoint = oauth.TokenEndpoint = site.Issuer;
        oauth.Scope.Clear();
        foreach (var scope in (string[])["openid", "profile", "email", "offline_access", "orders.read", "orders.write"])
        {
            oauth.Scope.Add(scope);
        }

        oauth.Events.OnCreatingTicket = context =>
            context.HttpContext.RequestServices.GetRequiredService<UserTicket>().FillAsync(context);
        oauth.Events.OnAccessDenied = context =>
        {
            context.Response.Redirect("/?problem=denied");
            context.HandleResponse();
            return Task.CompletedTask;
        };
        oauth.Events.OnRemoteFailure = context =>
        {
            // The reason is for the log; the page says what a person can do.
            Log.SignInFailed(
                context.HttpContext.RequestServices.GetRequiredService<ILogger<IdentityProviderHandler>>(), context.Failure);
            context.Response.Redirect("/?problem=sign-in");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }
}
