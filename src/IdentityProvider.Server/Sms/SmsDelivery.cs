using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Sms;

/// <summary>Sends the text messages of the outbox.</summary>
internal sealed class SmsDelivery(
    AccountSms orders,
    ISmsSender sender,
    LanguageCatalog languages,
    IOptions<PagesOptions> pages,
    IOptions<ProtocolOptions> protocol,
    TimeProvider clock) : IOutboxHandler
{
    public string Kind => OutboxKinds.Sms;

    public async Task<OutboxAttempt> AttemptAsync(OutboxMessage message, CancellationToken cancellationToken)
    {
        if (orders.Open(message) is not { } order)
        {
            return OutboxAttempt.GivenUp("it cannot be opened: the key it was sealed under is gone");
        }

        if (order.ExpiresAt <= clock.GetUtcNow())
        {
            return OutboxAttempt.GivenUp("it expired before it could be sent");
        }

        var texts = languages.LocalizerOf<MailTexts>(languages.Choose([order.Language]));
        var text = texts["SmsCode.Text", order.Code, pages.Value.ServiceName];

        // The last line binds the code to our origin: telephones offer it there and nowhere else ("Origin-bound one-time codes", WICG).
        var bound = $"{text.Value}\n\n@{new Uri(protocol.Value.Issuer).IdnHost} #{order.Code}";
        return await sender.SendAsync(new SmsMessage(message.Id.ToString("N"), order.To, bound, message.CreatedAt), cancellationToken);
    }
}
