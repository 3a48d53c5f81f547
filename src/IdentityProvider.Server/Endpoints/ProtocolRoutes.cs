using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Logos;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Endpoints;

/// <summary>The table of protocol routes; nothing else maps one.</summary>
internal static class ProtocolRoutes
{
    private static readonly string[] Get = ["GET", "HEAD"];
    private static readonly string[] Post = ["POST"];
    private static readonly string[] GetAndPost = ["GET", "POST"];
    private static readonly string[] Manage = ["GET", "PUT", "DELETE"];

    public static IReadOnlyList<ProtocolRoute> Table { get; } =
    [
        Route<MetadataEndpoint>(EndpointPaths.OpenIdConfiguration, Get, CorsPolicy.Anyone, endpoint => endpoint.HandleAsync),
        Route<MetadataEndpoint>(EndpointPaths.AuthorizationServerMetadata, Get, CorsPolicy.Anyone, endpoint => endpoint.HandleAsync),
        Route<JsonWebKeySetEndpoint>(EndpointPaths.Jwks, Get, CorsPolicy.Anyone, endpoint => endpoint.HandleAsync),
        Route<StatusListEndpoint>(
            EndpointPaths.StatusLists + "/{" + StatusListEndpoint.Number + "}", Get, CorsPolicy.Anyone, endpoint => endpoint.HandleAsync),
        Route<AuthorizationEndpoint>(EndpointPaths.Authorize, GetAndPost, CorsPolicy.SameOrigin, endpoint => endpoint.HandleAsync),
        Route<TokenEndpoint>(EndpointPaths.Token, Post, CorsPolicy.PublicClients, endpoint => endpoint.HandleAsync),
        Route<DeviceAuthorizationEndpoint>(
            EndpointPaths.DeviceAuthorization, Post, CorsPolicy.SameOrigin, endpoint => endpoint.HandleAsync),
        Route<UserInfoEndpoint>(EndpointPaths.UserInfo, GetAndPost, CorsPolicy.PublicClients, endpoint => endpoint.HandleAsync),
        Route<IntrospectionEndpoint>(EndpointPaths.Introspect, Post, CorsPolicy.PublicClients, endpoint => endpoint.HandleAsync),
        Route<RevocationEndpoint>(EndpointPaths.Revoke, Post, CorsPolicy.PublicClients, endpoint => endpoint.HandleAsync),
        Route<EndSessionEndpoint>(EndpointPaths.EndSession, GetAndPost, CorsPolicy.SameOrigin, endpoint => endpoint.HandleAsync),
        Route<RegistrationEndpoint>(EndpointPaths.ClientRegistration, Post, CorsPolicy.SameOrigin, endpoint => endpoint.HandleAsync),
        Route<ClientConfigurationEndpoint>(
            EndpointPaths.ClientRegistration + "/{" + ClientConfigurationEndpoint.ClientId + "}", Manage, CorsPolicy.SameOrigin, endpoint => endpoint.HandleAsync),
        Route<ClientLogoEndpoint>(
            EndpointPaths.ClientLogos + "/{" + ClientLogoEndpoint.ClientId + "}", Get, CorsPolicy.SameOrigin, endpoint => endpoint.HandleAsync),
        Route<CheckSessionEndpoint>(EndpointPaths.CheckSession, Get, CorsPolicy.SameOrigin, endpoint => endpoint.HandleAsync),
    ];

    /// <summary>The services behind the table.</summary>
    public static IServiceCollection AddProtocolEndpoints(this IServiceCollection services) =>
        services
            .AddSingleton<MetadataEndpoint>()
            .AddSingleton<JsonWebKeySetEndpoint>()
            .AddSingleton<StatusListEndpoint>()
            .AddSingleton<AuthorizationEndpoint>()
            .AddSingleton<TokenEndpoint>()
            .AddSingleton<DeviceAuthorizationEndpoint>()
            .AddSingleton<UserInfoEndpoint>()
            .AddSingleton<IntrospectionEndpoint>()
            .AddSingleton<RevocationEndpoint>()
            .AddSingleton<RegistrationEndpoint>()
            .AddSingleton<ClientConfigurationEndpoint>()
            .AddSingleton<RegistrationAnswers>()
            .AddSingleton<ClientLogoEndpoint>()
            .AddSingleton<ClientLogos>()
            .AddSingleton<CheckSessionEndpoint>()
            .AddSingleton<SignOutAnswer>()
            .AddSingleton<EndSessionEndpoint>();

    /// <summary>
    /// Maps the table under the issuer's path, which the host strips as the path base. It matches whole paths and every method, so that a
    /// wrong method is ours to answer.
    /// </summary>
    public static void Map(WebApplication app)
    {
        foreach (var route in Table)
        {
            app.Map(route.Path, route.Guarded(app.Services)).WithDisplayName(route.Path);
        }

        // RFC 8414 §3.1: with a path in the issuer, the well-known name is put between host and path as well.
        var issuerPath = new Uri(app.Services.GetRequiredService<IOptions<ProtocolOptions>>().Value.Issuer).AbsolutePath.TrimEnd('/');
        if (issuerPath.Length > 0)
        {
            var inserted = Table.First(route => route.Path is EndpointPaths.AuthorizationServerMetadata);
            app.Map(inserted.Path + issuerPath, inserted.Guarded(app.Services)).WithDisplayName(inserted.Path);
        }
    }

    private static ProtocolRoute Route<TEndpoint>(string path, string[] methods, CorsPolicy cors, Func<TEndpoint, RequestDelegate> handle)
        where TEndpoint : notnull =>
        new(path, methods, cors, services => handle(services.GetRequiredService<TEndpoint>()));
}
