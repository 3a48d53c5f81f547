using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using IdentityProvider.Accounts.Claims;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Resources;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Mail;

/// <summary>
/// Writes a mail in the person's language, as text and as HTML with the same words. Nothing is loaded from anywhere, so nobody is told that
/// it was read; every address in it is the issuer's and none the request's.
/// </summary>
internal sealed class MailComposer(
    LanguageCatalog languages, IOptions<MailOptions> mail, IOptions<PagesOptions> pages, IOptions<ProtocolOptions> protocol)
{
    private string ServiceName => pages.Value.ServiceName;

    /// <param name="message">The row; its id is the mail's.</param>
    /// <param name="order">What to write.</param>
    /// <param name="receiver">Whom it is for.</param>
    public MailMessage Compose(OutboxMessage message, MailOrder order, MailReceiver receiver)
    {
        var language = languages.Choose([order.Language ?? (receiver.Account is { } account ? AccountLocale.Of(account) : null)]);
        var content = Write(message, order, receiver.Link is { } link ? protocol.Value.AddressOf(link) : null, language);
        return new MailMessage
        {
            From = mail.Value.From!,
            FromName = mail.Value.FromName ?? ServiceName,
            ReplyTo = mail.Value.ReplyTo,
            To = receiver.Address,
            Subject = content.Subject,
            Text = AsText(content),
            Html = AsHtml(content, language),
            Language = language.Name,
            Date = message.CreatedAt,
            Id = $"{message.Id:N}@{new Uri(protocol.Value.Issuer).IdnHost}",
        };
    }

    private Content Write(OutboxMessage message, MailOrder order, string? address, CultureInfo language)
    {
        var texts = languages.LocalizerOf<MailTexts>(language);
        var time = message.CreatedAt.UtcDateTime.ToString("f", language);

        // A method is named in the language of the mail; what a person named themselves stands as it is.
        var subject = order.Kind is AccountMailKind.SecondFactorAdded or AccountMailKind.SecondFactorRemoved
            ? texts[$"Method.{order.Subject}"].Value
            : order.Subject ?? string.Empty;
        string? Find(string part) => texts[$"{order.Kind}.{part}", ServiceName, subject, time] is { ResourceNotFound: false } text
            ? text.Value
            : null;

        var button = address is null ? null : Find("Button");
        return new Content(
            Find("Subject") ?? throw new InvalidOperationException($"{order.Kind} has no text"),
            Find("Lead")!,
            button is null ? null : address,
            button,
            order.Code,
            Find("Note"),
            texts["Footer", ServiceName, protocol.Value.Issuer]);
    }

    private static string AsText(Content content)
    {
        var text = new StringBuilder().Append(content.Lead).Append("\n\n");
        if (content.Address is not null)
        {
            text.Append(content.Button).Append(":\n").Append(content.Address).Append("\n\n");
        }

        if (content.Code is not null)
        {
            text.Append("    ").Append(content.Code).Append("\n\n");
        }

        if (content.Note is not null)
        {
            text.Append(content.Note).Append("\n\n");
        }

        return text.Append("-- \n").Append(content.Footer).Append('\n').ToString();
    }

    private string AsHtml(Content content, CultureInfo culture)
    {
        static string E(string text) => HtmlEncoder.Default.Encode(text);
        const string Paragraph = "margin:0 0 20px";
        var body = new StringBuilder();
        body.Append(CultureInfo.InvariantCulture, $"<p style=\"{Paragraph}\">{E(content.Lead)}</p>\n");
        if (content.Address is not null)
        {
            body.Append(CultureInfo.InvariantCulture, $"""
                <p style="{Paragraph}"><a href="{E(content.Address)}" style="display:inline-block;padding:12px 20px;border-radius:8px;background:#1d4ed8;color:#ffffff;text-decoration:none;font-weight:600">{E(content.Button!)}</a></p>
                <p style="{Paragraph};font-size:13px;color:#5b6472;word-break:break-all">{E(content.Address)}</p>

                """);
        }

        if (content.Code is not null)
        {
            body.Append(CultureInfo.InvariantCulture, $"<p style=\"{Paragraph};font:600 28px/1.2 ui-monospace,Consolas,monospace;letter-spacing:4px\">{E(content.Code)}</p>\n");
        }

        if (content.Note is not null)
        {
            body.Append(CultureInfo.InvariantCulture, $"<p style=\"{Paragraph}\">{E(content.Note)}</p>\n");
        }

        return $$"""
            <!DOCTYPE html>
            <html lang="{{E(culture.Name)}}" dir="{{(culture.TextInfo.IsRightToLeft ? "rtl" : "ltr")}}">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{E(content.Subject)}}</title></head>
            <body style="margin:0;padding:24px 12px;background:#f3f4f6;color:#111827;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
            <div style="max-width:520px;margin:0 auto;padding:28px;border-radius:12px;background:#ffffff">
            <p style="margin:0 0 20px;font-weight:600;color:#1d4ed8">{{E(ServiceName)}}</p>
            {{body}}<p style="margin:0;padding-top:16px;border-top:1px solid #e5e7eb;font-size:13px;color:#5b6472">{{E(content.Footer)}}</p>
            </div>
            </body>
            </html>

            """;
    }

    /// <summary>The words of a mail.</summary>
    private sealed record Content(string Subject, string Lead, string? Address, string? Button, string? Code, string? Note, string Footer);
}
