namespace IdentityProvider.Server.Upstream;

internal static class UpstreamRegistration
{
    public static IServiceCollection AddUpstream(this IServiceCollection services) =>
        services
            .AddSingleton<UpstreamDocuments>()
            .AddSingleton<UpstreamAuthentication>()
            .AddSingleton<UpstreamClient>()
            .AddSingleton<UpstreamTickets>()
            .AddSingleton<UpstreamRoundTrip>()
            .AddScoped<UpstreamDesk>();
}
