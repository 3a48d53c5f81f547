using IdentityProvider.Server.Sessions;

namespace IdentityProvider.Server.Passkeys;

internal static class PasskeyRegistration
{
    public static IServiceCollection AddPasskeys(this IServiceCollection services) =>
        services.AddSingleton<PasskeyTickets>().AddSingleton<FreshProof>().AddScoped<PasskeyDesk>();
}
