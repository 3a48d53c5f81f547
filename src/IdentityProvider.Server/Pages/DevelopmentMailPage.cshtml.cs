using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Server.Composition;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Mail;
using IdentityProvider.Server.Sms;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>Mail that was sent, newest first. Only in Development; elsewhere there is no such page.</summary>
internal sealed class DevelopmentMailPage(IServiceProvider services, IOptions<ProtocolOptions> protocol) : HostedPage
{
    public IReadOnlyList<MailMessage> Mails { get; private set; } = [];

    /// <summary>Text messages, newest first.</summary>
    public IReadOnlyList<SmsMessage> TextMessages { get; private set; } = [];

    public MailMessage? Mail { get; private set; }

    /// <summary>Where the mail's button leads; null when it has none.</summary>
    public string? Link => Array.Find(
        Mail?.Text.Split('\n') ?? [], line => line.StartsWith(protocol.Value.Issuer + "/", StringComparison.Ordinal));

    public IActionResult OnGet(string? id)
    {
        if (services.GetService<DevelopmentMailbox>() is not { } mailbox)
        {
            return NoSuchPage();
        }

        if (id is null)
        {
            Mails = mailbox.Mails;
            TextMessages = services.GetRequiredService<DevelopmentTelephones>().Messages;
            return Page();
        }

        if ((Mail = mailbox.Find(id)) is null)
        {
            return NoSuchPage();
        }

        SecurityHeaders.ForPage(HttpContext, frames: [protocol.Value.Issuer]);
        return Page();
    }
}

/// <summary>The HTML of a mail, for the frame of <see cref="DevelopmentMailPage"/>.</summary>
internal static class DevelopmentMail
{
    /// <summary>Nothing but inline style: a mail that loads anything shows it by not working here.</summary>
    private const string Policy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

    public static void MapDevelopmentMail(this WebApplication app)
    {
        if (app.Services.GetService<DevelopmentMailbox>() is not { } mailbox)
        {
            return;
        }

        app.MapGet(EndpointPaths.DevelopmentMail + "/{id}/html", (string id, HttpContext context) =>
        {
            if (mailbox.Find(id) is not { } mail)
            {
                return ErrorPage.NotFound(ErrorId.Create());
            }

            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.Remove("X-Frame-Options");
            context.Response.Headers.CacheControl = "no-store";
            return Results.Text(mail.Html.Replace("<head>", "<head><base target=\"_blank\">", StringComparison.Ordinal), "text/html");
        });
    }
}
