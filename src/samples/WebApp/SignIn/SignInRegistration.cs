using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace WebApp.SignIn;

/// <summary>Signs people in at the identity provider by authorization code with PKCE, and keeps them in a cookie.</summary>
internal static class SignInRegistration
{
    /// <summary>The authentication scheme that goes to the identity provider.</summary>
    public const string Scheme = "IdentityProvider";

    public static IServiceCollection AddSignIn(this IServiceCollection services, SiteOptions site)
    {
        services.AddSingleton<IssuerDiscovery>();
        services.AddSingleton<TokenRefresh>();
        services.AddSingleton<UserTicket>();
        services.AddTransient<StepUp>();
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(Configure)
            .AddOAuth<OAuthOptions, IdentityProviderHandler>(Scheme, oauth => Configure(oauth, site));
        return services;
    }

    private static void Configure(CookieAuthenticationOptions cookie)
    {
        // Cookies do not know ports: the name keeps this site apart from others on localhost.
        cookie.Cookie.Name = "webapp.session";
        cookie.Cookie.SameSite = SameSiteMode.Lax;
        cookie.ExpireTimeSpan = TimeSpan.FromHours(8);
        cookie.LoginPath = "/";
        cookie.AccessDeniedPath = "/problem";
        cookie.Events.OnValidatePrincipal = context =>
            context.HttpContext.RequestServices.GetRequiredService<TokenRefresh>().ValidateAsync(context);
    }

    private static void Configure(OAuthOptions oauth, SiteOptions site)
    {
        oauth.ClientId = site.ClientId;
        oauth.ClientSecret = site.ClientSecret;
        oauth.CallbackPath = "/signin-oidc";
        oauth.UsePkce = true;
        oauth.SaveTokens = true;
        oauth.CorrelationCookie.Name = "webapp.correlation.";
        oauth.CorrelationCookie.SameSite = SameSiteMode.Lax;
        oauth.CorrelationCookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;

        // The real ones come from discovery, when the first person signs in; the framework asks for some at start.
        oauth.AuthorizationEndpoint = oauth.TokenEndpoint = site.Issuer;
        oauth.Scope.Clear();
        foreach (var scope in (string[])["openid", "profile", "email", "offline_access", "orders.read", "orders.write"])
        {
            oauth.Scope.Add(scope);
        }

        oauth.Events.OnCreatingTicket = context =>
            context.HttpContext.RequestServices.GetRequiredService<UserTicket>().FillAsync(context);
        oauth.Events.OnTicketReceived = context =>
            context.HttpContext.RequestServices.GetRequiredService<StepUp>().RepeatAsync(context);
        oauth.Events.OnAccessDenied = context =>
        {
            context.Response.Redirect("/?denied=true");
            context.HandleResponse();
            return Task.CompletedTask;
        };
        oauth.Events.OnRemoteFailure = context =>
        {
            if (IssuerUnavailableException.In(context.Failure) is not null)
            {
                // Goes on to the problem page as what it is.
                return Task.CompletedTask;
            }

            // The reason is for the log; the page says what a person can do.
            Log.SignInFailed(
                context.HttpContext.RequestServices.GetRequiredService<ILogger<IdentityProviderHandler>>(), context.Failure);
            context.Response.Redirect("/problem?reason=sign-in");
            context.HandleResponse();
            return Task.CompletedTask;
        };
    }
}
