using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Mail;

/// <summary>
/// Hands mail to an SMTP server: submission by RFC 6409 with STARTTLS (RFC 3207) or TLS from the start (RFC 8314), AUTH PLAIN or LOGIN
/// (RFC 4954). One connection a mail: people's mail is rare.
/// </summary>
internal sealed class SmtpMailSender(IOptions<MailOptions> options, SmtpTrust trust) : IMailSender
{
    private const int PermanentRefusal = 500;

    public async Task<MailAttempt> SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(settings.Timeout);
        try
        {
            await using var connection = await SmtpConnection.OpenAsync(settings, trust, limit.Token);
            await connection.SendAsync(mail, limit.Token);
            return MailAttempt.Taken;
        }
        catch (SmtpReplyException refusal)
        {
            return new MailAttempt(refusal.Message, refusal.ConcernsMail && refusal.Code >= PermanentRefusal);
        }
        catch (AuthenticationException)
        {
            return new MailAttempt("the mail server could not prove who it is: its certificate is not valid or not trusted");
        }
        catch (Exception exception) when (exception is IOException or SocketException or CryptographicException)
        {
            return new MailAttempt("no exchange with the mail server: " + exception.GetType().Name);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new MailAttempt("the mail server did not answer in time");
        }
    }
}
