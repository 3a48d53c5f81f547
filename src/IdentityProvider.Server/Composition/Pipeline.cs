using IdentityProvider.Server.Composition.Settings;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.Composition;

/// <summary>The way of a request, from the listener to the endpoint, in order.</summary>
internal static class Pipeline
{
    /// <summary>
    /// ASP.NET Core puts its authentication and authorization before everything once a service knows them, and Razor Pages register both.
    /// Sessions and tokens here are our own, so the two would find nobody and open a scope of services for every request. The names are those
    /// of <c>WebApplicationBuilder</c>; should they change, the two are back and requests cost a little more.
    /// </summary>
    private static readonly string[] NotUsed = ["__AuthenticationMiddlewareSet", "__AuthorizationMiddlewareSet"];

    public static void Configure(WebApplication app, ServerSettings settings)
    {
        foreach (var middleware in NotUsed)
        {
            ((IApplicationBuilder)app).Properties[middleware] = true;
        }

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
