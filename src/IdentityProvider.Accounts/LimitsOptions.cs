namespace IdentityProvider.Accounts;

/// <summary>How much one person or address may try: section <c>IdentityProvider:Limits</c>. Counted in the database, over all nodes.</summary>
public sealed class LimitsOptions
{
    /// <summary><c>password_attempts</c>: wrong passwords for one account in a window. Default 5. A browser that has signed in before counts by itself.</summary>
    public int PasswordAttempts { get; set; } = 5;

    /// <summary><c>password_attempts_per_address</c>: wrong passwords from one address (IPv6: one /64) in a window, for all accounts together. Default 5.</summary>
    public int PasswordAttemptsPerAddress { get; set; } = 5;

    /// <summary><c>policy_refusals</c>: right passwords that are refused all the same (disabled, pausing) for one account in a window. Default 20.</summary>
    public int PolicyRefusals { get; set; } = 20;

    /// <summary><c>password_window</c>: the window of the three above. Default 15 minutes.</summary>
    public TimeSpan PasswordWindow { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary><c>mails_per_receiver</c>: mails an hour to one address that anybody can ask for. Default 5. Notices of changes are not among them.</summary>
    public int MailsPerReceiver { get; set; } = 5;

    /// <summary><c>mail_requests_per_address</c>: mails an hour that are asked for from one address. Default 20.</summary>
    public int MailRequestsPerAddress { get; set; } = 20;

    /// <summary><c>text_messages_per_receiver</c>: text messages an hour to one telephone. Default 5.</summary>
    public int TextMessagesPerReceiver { get; set; } = 5;

    /// <summary><c>text_messages_per_account</c>: text messages a day for one account. Default 20.</summary>
    public int TextMessagesPerAccount { get; set; } = 20;

    /// <summary><c>text_messages_per_address</c>: text messages an hour that are asked for from one address. Default 20.</summary>
    public int TextMessagesPerAddress { get; set; } = 20;

    /// <summary><c>registrations_per_address</c>: accounts an hour created from one address. Default 20.</summary>
    public int RegistrationsPerAddress { get; set; } = 20;

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        var counts = new[]
        {
            ("password_attempts", PasswordAttempts), ("password_attempts_per_address", PasswordAttemptsPerAddress),
            ("policy_refusals", PolicyRefusals), ("mails_per_receiver", MailsPerReceiver),
            ("mail_requests_per_address", MailRequestsPerAddress), ("text_messages_per_receiver", TextMessagesPerReceiver),
            ("text_messages_per_account", TextMessagesPerAccount), ("text_messages_per_address", TextMessagesPerAddress),
            ("registrations_per_address", RegistrationsPerAddress),
        };
        foreach (var (name, count) in counts)
        {
            if (count is < 1 or > 1_000_000)
            {
                yield return $"Limits:{name} must be from 1 to 1000000.";
            }
        }

        if (PasswordWindow < TimeSpan.FromMinutes(1) || PasswordWindow > TimeSpan.FromDays(1))
        {
            yield return "Limits:password_window must be from one minute to one day.";
        }
    }
}
