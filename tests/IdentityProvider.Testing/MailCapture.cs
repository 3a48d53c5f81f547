using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Mail;

namespace IdentityProvider.Testing;

/// <summary>The mailboxes of everybody: what the server sent, by receiver, in order.</summary>
public sealed class MailCapture : IMailSender, IDisposable
{
    /// <summary>Only given to who names it: nearly every test signs in with several browsers.</summary>
    private const string NewDevice = "A new device signed in";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly List<SentMail> _unread = [];
    private readonly SemaphoreSlim _arrived = new(0);
    private Func<string?>? _problem;

    /// <summary>Mails that no test has read yet.</summary>
    public IReadOnlyList<SentMail> Unread
    {
        get
        {
            lock (_unread)
            {
                return [.. _unread];
            }
        }
    }

    internal OutboxDelivery Delivery { get; set; } = null!;

    /// <summary>Lets sending fail with that reason while it gives one.</summary>
    public void FailWith(Func<string?> problem) => _problem = problem;

    /// <summary>The next mail to that address, and of that subject where one is named; the test fails when none comes.</summary>
    public async Task<SentMail> NextAsync(string to, string? subject = null)
    {
        while (true)
        {
            await DeliverAsync();
            lock (_unread)
            {
                if (_unread.Find(mail => string.Equals(mail.To, to, StringComparison.OrdinalIgnoreCase)
                    && (subject is null ? mail.Subject is not NewDevice : string.Equals(mail.Subject, subject, StringComparison.Ordinal))) is { } mail)
                {
                    _unread.Remove(mail);
                    return mail;
                }
            }

            // What the server's own worker has taken, it will send.
            if (!await _arrived.WaitAsync(Patience))
            {
                throw new InvalidOperationException($"no mail to {to}, but {string.Join(", ", Unread.Select(mail => $"{mail.To}: {mail.Subject}"))}");
            }
        }
    }

    /// <summary>Sends everything that is due, so that what is not in a mailbox afterwards was never queued. The worker must be paused.</summary>
    public async Task DeliverAsync()
    {
        while (await Delivery.RunOnceAsync(CancellationToken.None) > 0)
        {
        }
    }

    Task<MailAttempt> IMailSender.SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        if (_problem?.Invoke() is { } problem)
        {
            return Task.FromResult(new MailAttempt(problem));
        }

        lock (_unread)
        {
            _unread.Add(new SentMail(mail.To, mail.Subject, mail.Text, mail.Html));
        }

        _arrived.Release();
        return Task.FromResult(MailAttempt.Taken);
    }

    public void Dispose() => _arrived.Dispose();
}

/// <summary>A mail as its receiver sees it.</summary>
public sealed record SentMail(string To, string Subject, string Text, string Html)
{
    /// <summary>The one address in the text that the button leads to.</summary>
    public Uri Link => new(Find("http"));

    /// <summary>The code that stands on a line of its own.</summary>
    public string Code => Find("    ").Trim();

    private string Find(string start) =>
        Text.Split('\n').FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal))
        ?? throw new InvalidOperationException($"no line begins with '{start}': {Text}");
}
