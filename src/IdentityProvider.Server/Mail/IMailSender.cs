namespace IdentityProvider.Server.Mail;

/// <summary>Hands a mail on.</summary>
internal interface IMailSender
{
    /// <summary>One attempt. The mail is the next one's responsibility once this says so.</summary>
    Task<MailAttempt> SendAsync(MailMessage mail, CancellationToken cancellationToken);
}

/// <summary>How it ended.</summary>
/// <param name="Problem">Null when it was taken; else one line for the operator, without the receiver's address.</param>
/// <param name="IsHopeless">Whether the refusal is for good (a reply of 5xx to this mail: RFC 5321 §4.2.1).</param>
internal sealed record MailAttempt(string? Problem, bool IsHopeless = false)
{
    public static MailAttempt Taken { get; } = new(Problem: null);
}
