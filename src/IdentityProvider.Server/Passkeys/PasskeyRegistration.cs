using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.SignIn;

namespace IdentityProvider.Server.Passkeys;

internal static class PasskeyRegistration
{
    public static IServiceCollection AddPasskeys(this IServiceCollection services) =>
        services
            .AddSingleton<PasskeyAvailability>()
            .AddSingleton<PasskeyTickets>()
            .AddScoped<PasskeyDesk>()
            .AddScoped<PasskeyGuard>()
            .AddScoped<PasskeyDoor>()
            .AddScoped<PasskeyOffers>()
            .AddSingleton(new SecondFactorPage(SignInMethods.Passkey, EndpointPaths.SignInByPasskey, "SignIn.UsePasskey"));
}
