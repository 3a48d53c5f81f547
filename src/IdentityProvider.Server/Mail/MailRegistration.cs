using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Mail;

internal static class MailRegistration
{
    public static IServiceCollection AddMail(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton<MailAvailability>();
        services.AddSingleton<AccountMail>();
        services.AddSingleton<IAccountMail>(provider => provider.GetRequiredService<AccountMail>());
        services.AddSingleton<MailComposer>();
        services.AddSingleton<MailReceivers>();
        services.AddSingleton<MailDelivery>();
        services.AddSingleton<IOutboxHandler>(provider => provider.GetRequiredService<MailDelivery>());
        services.AddSingleton<IOutboxHandler, NoticeDelivery>();
        services.AddSingleton<FileMailSender>();
        services.AddSingleton<SmtpTrust>();
        services.AddSingleton<SmtpMailSender>();
        var transport = settings.Get<MailOptions>().Transport;
        if (settings.IsDevelopment)
        {
            services.AddSingleton(provider => new DevelopmentMailbox(Transport(provider, transport)));
            services.AddSingleton<IMailSender>(provider => provider.GetRequiredService<DevelopmentMailbox>());
        }
        else
        {
            services.AddSingleton(provider => Transport(provider, transport) ?? new NoMailSender());
        }

        return services;
    }

    private static IMailSender? Transport(IServiceProvider provider, MailTransport transport) => transport switch
    {
        MailTransport.File => provider.GetRequiredService<FileMailSender>(),
        MailTransport.Smtp => provider.GetRequiredService<SmtpMailSender>(),
        _ => null,
    };

    /// <summary>What was queued before the operator switched mail off.</summary>
    private sealed class NoMailSender : IMailSender
    {
        public Task<MailAttempt> SendAsync(MailMessage mail, CancellationToken cancellationToken) =>
            Task.FromResult(new MailAttempt("Mail:transport is none", IsHopeless: true));
    }
}
