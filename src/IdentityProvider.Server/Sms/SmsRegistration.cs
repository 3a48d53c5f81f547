using IdentityProvider.Accounts.Sms;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Sms;

internal static class SmsRegistration
{
    public static IServiceCollection AddSms(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton<AccountSms>();
        services.AddSingleton<IAccountSms>(provider => provider.GetRequiredService<AccountSms>());
        services.AddSingleton<IOutboxHandler, SmsDelivery>();
        services.AddSingleton<FileSmsSender>();
        services.AddSingleton<WebhookSmsSender>();
        var transport = settings.Get<SmsOptions>().Transport;
        if (settings.IsDevelopment)
        {
            services.AddSingleton(provider => new DevelopmentTelephones(Transport(provider, transport)));
            services.AddSingleton<ISmsSender>(provider => provider.GetRequiredService<DevelopmentTelephones>());
        }
        else
        {
            services.AddSingleton(provider => Transport(provider, transport) ?? new NoSmsSender());
        }

        return services;
    }

    private static ISmsSender? Transport(IServiceProvider provider, SmsTransport transport) => transport switch
    {
        SmsTransport.File => provider.GetRequiredService<FileSmsSender>(),
        SmsTransport.Webhook => provider.GetRequiredService<WebhookSmsSender>(),
        _ => null,
    };

    /// <summary>What was queued before the operator switched it off.</summary>
    private sealed class NoSmsSender : ISmsSender
    {
        public Task<OutboxAttempt> SendAsync(SmsMessage message, CancellationToken cancellationToken) =>
            Task.FromResult(OutboxAttempt.GivenUp("Sms:transport is none"));
    }
}
