using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Server.SignIn;

internal static class SignInRegistration
{
    public static IServiceCollection AddSignIn(this IServiceCollection services) =>
        services
            .AddSecondFactors()
            .AddSingleton<SignInPlaces>()
            .AddSingleton<SignInProgressCookie>()
            .AddSingleton<SignInReturn>()
            .AddSingleton<KnownDevices>()
            .AddSingleton<FreshSignIn>()
            .AddSingleton(new SecondFactorPage(SignInMethods.Totp, EndpointPaths.SecondFactor, "SecondFactor.UseApp"))
            .AddSingleton(new SecondFactorPage(SignInMethods.SmsCode, EndpointPaths.SmsCode, "SecondFactor.UseSms"))
            .AddSingleton<SmsCodes>()
            .AddSingleton(new SecondFactorPage(SignInMethods.RecoveryCode, EndpointPaths.RecoveryCode, "SecondFactor.UseRecoveryCode"))
            .AddSingleton<SentCodes>()
            .AddSingleton<EmailMethods>()
            .AddScoped<PasswordDoor>()
            .AddScoped<EmailSignIn>()
            .AddScoped<EmailSignInMail>()
            .AddScoped<SignInSteps>()
            .AddScoped<HalfSignIns>()
            .AddScoped<SignInCompletion>()
            .AddScoped<SignInDesk>();
}
