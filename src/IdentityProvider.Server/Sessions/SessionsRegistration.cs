namespace IdentityProvider.Server.Sessions;

internal static class SessionsRegistration
{
    public static IServiceCollection AddBrowserSessions(this IServiceCollection services) =>
        services.AddSingleton<BrowserState>().AddSingleton<BrowserSession>().AddSingleton<FlowCookie>();
}
