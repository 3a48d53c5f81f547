using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Discovery;
using IdentityProvider.Protocol.EndSession;
using IdentityProvider.Protocol.Introspection;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Protocol.Revocation;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Protocol.UserInfo;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Protocol;

/// <summary>Every handler and grant type of the engine, one line each. All are singletons without state of their own.</summary>
public static class ProtocolRegistration
{
    public static IServiceCollection AddProtocol(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services
            .AddClients()
            .AddRegistration()
            .AddTokens()
            .AddAuthorization()
            .AddDeviceAuthorization()
            .AddTokenStatus()
            .AddUserInfo()
            .AddEndSession()
            .AddDiscovery()
            .AddSingleton<TokenRequestHandler>()
            .AddSingleton<IGrantType, AuthorizationCodeGrantType>()
            .AddSingleton<IGrantType, RefreshTokenGrantType>()
            .AddSingleton<IGrantType, ClientCredentialsGrantType>()
            .AddSingleton<IGrantType, DeviceCodeGrantType>();
    }

    private static IServiceCollection AddClients(this IServiceCollection services) =>
        services
            .AddSingleton<CatalogCatchUp>()
            .AddSingleton<AttemptsInFlight>()
            .AddSingleton<AttemptGate>()
            .AddSingleton<ClientAuthenticationLimits>()
            .AddSingleton<ClientAuthenticator>()
            .AddSingleton<SecretAuthentication>()
            .AddSingleton<AssertionAuthentication>()
            .AddSingleton<ClientKeys>();

    /// <summary>Clients that register themselves (RFC 7591, RFC 7592).</summary>
    private static IServiceCollection AddRegistration(this IServiceCollection services) =>
        services
            .AddSingleton<RegistrationRequestHandler>()
            .AddSingleton<ClientConfigurationRequestHandler>()
            .AddSingleton<ClientMetadataValidator>()
            .AddSingleton<RegistrationPolicy>()
            .AddSingleton<SoftwareStatements>()
            .AddSingleton<SectorDocuments>()
            .AddSingleton<InitialAccess>()
            .AddSingleton<RegistrationLimits>()
            .AddSingleton<RegisteredClients>()
            .AddSingleton<FirstUse>();

    private static IServiceCollection AddTokens(this IServiceCollection services) =>
        services
            .AddSingleton<TokenIssuer>()
            .AddSingleton<SubjectIdentifiers>()
            .AddSingleton<GrantTokens>()
            .AddSingleton<GrantOpener>()
            .AddSingleton<RefreshTokens>()
            .AddSingleton<RefreshClock>()
            .AddSingleton<AccessTokenReader>()
            .AddSingleton<IdTokenHintReader>();

    private static IServiceCollection AddAuthorization(this IServiceCollection services) =>
        services
            .AddSingleton<AuthorizationCodes>()
            .AddSingleton<PendingAuthorizations>()
            .AddSingleton<RequestObjectReader>()
            .AddSingleton<AuthorizationRequestReader>()
            .AddSingleton<AuthorizationRequestHandler>()
            .AddSingleton<InteractionPolicy>();

    /// <summary>The device flow (RFC 8628).</summary>
    private static IServiceCollection AddDeviceAuthorization(this IServiceCollection services) =>
        services
            .AddSingleton<DeviceAuthorizationRequestHandler>()
            .AddSingleton<DeviceAuthorizationCodes>()
            .AddSingleton<DevicePace>()
            .AddSingleton<DeviceGrantOpener>()
            .AddSingleton<DeviceVerification>()
            .AddSingleton<DeviceSignIn>()
            .AddSingleton<CodeEntryLimits>();

    /// <summary>Introspection (RFC 7662) and revocation (RFC 7009).</summary>
    private static IServiceCollection AddTokenStatus(this IServiceCollection services) =>
        services
            .AddSingleton<IntrospectionRequestHandler>()
            .AddSingleton<AccessTokenIntrospection>()
            .AddSingleton<RefreshTokenIntrospection>()
            .AddSingleton<RevocationRequestHandler>()
            .AddSingleton<AccessTokenRevocation>()
            .AddSingleton<RefreshTokenRevocation>();

    private static IServiceCollection AddUserInfo(this IServiceCollection services) => services.AddSingleton<UserInfoRequestHandler>();

    private static IServiceCollection AddEndSession(this IServiceCollection services) =>
        services
            .AddSingleton<EndSessionRequestHandler>()
            .AddSingleton<PendingSignOuts>()
            .AddSingleton<FrontchannelLogout>()
            .AddSingleton<LogoutTokens>()
            .AddSingleton<IOutboxHandler, LogoutDelivery>()
            .AddSingleton<OutboxDelivery>();

    private static IServiceCollection AddDiscovery(this IServiceCollection services) => services.AddSingleton<ServerMetadataDocument>();
}
