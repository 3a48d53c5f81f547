using IdentityProvider.Server.Composition.Settings;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.Composition;

/// <summary>The way of a request, from the listener to the endpoint, in order.</summary>
internal static class Pipeline
{
    public static void Configure(WebApplication app, ServerSettings settings)
    {
        app.UseTrustedProxies(settings.Get<ProxyOptions>());
        app.UseSecurityHeaders();
        app.UseMiddleware<Faults>();
        app.UseMiddleware<RequestGuard>();
        app.UsePathBase(new Uri(settings.Protocol.Issuer).AbsolutePath.TrimEnd('/'));
        app.UseRouting();
        app.MapHealth();
        ProtocolRoutes.Map(app);
        app.MapHostedPages();
    }
}
