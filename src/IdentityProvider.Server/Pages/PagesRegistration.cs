using IdentityProvider.Accounts.Export;
using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using IdentityProvider.Server.Theming;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>The pages people see.</summary>
internal static class PagesRegistration
{
    public static IServiceCollection AddHostedPages(this IServiceCollection services)
    {
        services.AddRazorPages().AddViewLocalization().AddMvcOptions(options =>
        {
            options.Filters.AddService<FormFilter>();
            options.Filters.AddService<PageFilter>();
            options.Filters.AddService<HandlerFilter>();
        });
        services.AddSingleton<FormFilter>();
        services.AddSingleton<PageFilter>();
        services.AddSingleton<HandlerFilter>();
        services.AddSingleton<Theme>();
        services.AddSingleton<PageAssets>();
        services.AddSingleton<AccountNavigation>();
        services.AddSingleton<PageFlows>();
        services.AddSingleton<PageLanguage>();
        services.AddSingleton<SignInPageSettings>();
        services.AddSingleton<SignInOffers>();
        services.AddScoped<SignInArrival>();
        services.AddScoped<SignInEntry>();
        services.AddSingleton<People>();
        services.AddSingleton<ConsentDesk>();
        services.AddSingleton<DeviceQuestions>();
        services.AddSingleton<SessionDesk>();
        services.AddSingleton<SessionTexts>();
        services.AddSingleton<ApplicationDesk>();
        services.AddSingleton<ClientNames>();
        services.AddSingleton<HistoryTexts>();
        services.AddSingleton<ProfileTexts>();
        services.AddScoped<AccountDesk>();
        services.AddSingleton<IExportPart, SessionsExport>();
        services.AddSingleton<IExportPart, ApplicationsExport>();
        services.AddScoped<SecondSteps>();
        services.AddScoped<AccountGuard>();
        services.AddScoped<SecondFactorDesk>();
        services.AddSingleton<TrustedBrowsers>();
        services.AddSingleton<TotpOffers>();
        services.AddSingleton<TimeTexts>();
        services.AddSingleton<DeviceNames>();
        services.AddBrowserSessions();
        services.AddSignIn();
        services.AddOptions<AntiforgeryOptions>().Configure<IOptions<ProtocolOptions>>(SetUpAntiforgery);
        return services;
    }

    /// <summary>Pages, their assets, and an answer of our own for addresses that do not exist.</summary>
    public static void MapHostedPages(this WebApplication app)
    {
        if (!Argon2PasswordHasher.IsArgon2Available)
        {
            Log.Argon2Missing(app.Logger);
        }

        foreach (var note in app.Services.GetRequiredService<LanguageCatalog>().Notes)
        {
            Log.TextNote(app.Logger, note);
        }

        app.Services.GetRequiredService<PageAssets>().Map(app);
        app.MapDevelopmentMail();
        app.MapRazorPages();
        app.MapFallback("{**path}", context => ErrorPage.NotFound(ErrorId.Create()).ExecuteAsync(context));
    }

    private static void SetUpAntiforgery(AntiforgeryOptions options, IOptions<ProtocolOptions> protocol)
    {
        var secure = protocol.Value.Issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        options.Cookie.Name = new HostCookie("idp-forms").Name(secure);
        options.Cookie.Path = "/";
        options.Cookie.SecurePolicy = secure ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;

        // Lax and not Strict: a sign-in begins by a link from another site, and would otherwise replace the cookie of every open form.
        options.Cookie.SameSite = SameSiteMode.Lax;

        // Ours is DENY, for every answer.
        options.SuppressXFrameOptionsHeader = true;
    }
}
