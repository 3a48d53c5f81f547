using System.Collections.Concurrent;

namespace IdentityProvider.Server.Mail;

/// <summary>The last mails of this process, to be read at <c>/dev/mail</c>; handed on to the transport when there is one. Development only.</summary>
internal sealed class DevelopmentMailbox(IMailSender? transport) : IMailSender
{
    private const int Most = 100;

    private readonly ConcurrentQueue<MailMessage> _mails = new();

    /// <summary>Newest first.</summary>
    public IReadOnlyList<MailMessage> Mails => [.. _mails.Reverse()];

    public MailMessage? Find(string? id) => _mails.FirstOrDefault(mail => string.Equals(KeyOf(mail), id, StringComparison.Ordinal));

    /// <summary>Names a mail in an address.</summary>
    public static string KeyOf(MailMessage mail) => mail.Id[..mail.Id.IndexOf('@', StringComparison.Ordinal)];

    public async Task<MailAttempt> SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        var attempt = transport is null ? MailAttempt.Taken : await transport.SendAsync(mail, cancellationToken);
        if (attempt.Problem is null)
        {
            _mails.Enqueue(mail);
            while (_mails.Count > Most && _mails.TryDequeue(out _))
            {
            }
        }

        return attempt;
    }
}
