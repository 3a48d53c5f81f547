namespace IdentityProvider.Server.SignIn;

internal static class SignInRegistration
{
    public static IServiceCollection AddSignIn(this IServiceCollection services) =>
        services
            .AddSingleton<SignInPlaces>()
            .AddSingleton<SignInProgressCookie>()
            .AddSingleton<SignInReturn>()
            .AddSingleton<KnownDevices>()
            .AddScoped<SignInDesk>();
}
