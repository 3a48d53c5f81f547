using IdentityProvider.Accounts.Passwords;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.EndSession;

namespace IdentityProvider.Server.Outbound;

internal static class OutboundRegistration
{
    public static IServiceCollection AddOutbound(this IServiceCollection services) =>
        services
            .AddSingleton<OutboundHttp>()
            .AddSingleton<IClientDocumentFetcher, OutboundFetcher>()
            .AddSingleton<IBreachedPasswords, PasswordRangeService>()
            .AddSingleton<ILogoutTokenSender, LogoutTokenSender>();
}
