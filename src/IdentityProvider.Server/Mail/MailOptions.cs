using System.Net.Mail;

namespace IdentityProvider.Server.Mail;

/// <summary>Mail to people: section <c>IdentityProvider:Mail</c>.</summary>
internal sealed class MailOptions
{
    /// <summary>
    /// <c>transport</c>: how mail leaves. Default <see cref="MailTransport.None"/>: there is no mail, and pages that need it are not offered.
    /// In Development every mail can also be read at <c>/dev/mail</c>, whatever the transport.
    /// </summary>
    public MailTransport Transport { get; set; } = MailTransport.None;

    /// <summary><c>from</c>: the sender's address. Needed unless the transport is <c>none</c>.</summary>
    public string? From { get; set; }

    /// <summary><c>from_name</c>: the sender's name; default the service's name (<c>Pages:service_name</c>).</summary>
    public string? FromName { get; set; }

    /// <summary><c>reply_to</c>: where answers go; default none.</summary>
    public string? ReplyTo { get; set; }

    /// <summary><c>folder</c>: where <c>file</c> writes its <c>.eml</c> files, from the data folder. Default <c>mail</c>.</summary>
    public string Folder { get; set; } = "mail";

    /// <summary><c>host</c>: the SMTP server; its certificate must bear this name.</summary>
    public string? Host { get; set; }

    /// <summary><c>port</c>: default 587 (submission, RFC 6409), 465 with <c>implicit</c> (RFC 8314), 25 with <c>none</c>.</summary>
    public int? Port { get; set; }

    /// <summary>
    /// <c>tls</c>: default <see cref="SmtpTls.StartTls"/>. A server that does not offer it, or whose certificate is not valid, gets no mail:
    /// links to reset passwords do not travel in the clear.
    /// </summary>
    public SmtpTls Tls { get; set; } = SmtpTls.StartTls;

    /// <summary><c>ca_file</c>: PEM file of the authorities that are trusted instead of the machine's; default none.</summary>
    public string? CaFile { get; set; }

    /// <summary><c>user_name</c>: for AUTH (RFC 4954); default none. Only over TLS.</summary>
    public string? UserName { get; set; }

    /// <summary><c>password</c>: for AUTH. Better in an environment variable than in a file.</summary>
    public string? Password { get; set; }

    /// <summary><c>timeout</c>: for a whole exchange with the SMTP server. Default 30 seconds; from 1 to 60 seconds.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Transport != MailTransport.None && !IsAddress(From))
        {
            yield return "Mail:from must be a mail address, such as no-reply@example.com.";
        }

        if (ReplyTo is not null && !IsAddress(ReplyTo))
        {
            yield return "Mail:reply_to must be a mail address.";
        }

        if (FromName is { Length: > 100 } || FromName?.Any(char.IsControl) == true)
        {
            yield return "Mail:from_name must have at most 100 characters, and no control characters.";
        }

        if (Transport == MailTransport.Smtp)
        {
            foreach (var problem in ValidateSmtp())
            {
                yield return problem;
            }
        }
    }

    private IEnumerable<string> ValidateSmtp()
    {
        if (Uri.CheckHostName(Host) == UriHostNameType.Unknown)
        {
            yield return "Mail:host must be the name of the SMTP server.";
        }

        if (Port is < 1 or > 65535)
        {
            yield return "Mail:port must be from 1 to 65535.";
        }

        if ((UserName is null) != (Password is null))
        {
            yield return "Mail:user_name and Mail:password go together.";
        }

        if (UserName is not null && Tls == SmtpTls.None)
        {
            yield return "Mail:user_name needs Mail:tls: a password is not sent in the clear.";
        }

        if (CaFile is not null && !File.Exists(CaFile))
        {
            yield return "Mail:ca_file does not exist.";
        }

        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromSeconds(60))
        {
            yield return "Mail:timeout must be from 1 to 60 seconds.";
        }
    }

    private static bool IsAddress(string? value) =>
        value is not null && MimeText.IsAddress(value) && MailAddress.TryCreate(value, out _);
}

/// <summary>How mail leaves.</summary>
internal enum MailTransport
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>As files, for somebody else to send or to look at.</summary>
    File,

    /// <summary>To a mail server.</summary>
    Smtp,
}

/// <summary>How the connection to the SMTP server is protected.</summary>
internal enum SmtpTls
{
    /// <summary>STARTTLS (RFC 3207), required.</summary>
    StartTls,

    /// <summary>TLS from the first byte (RFC 8314).</summary>
    Implicit,

    /// <summary>Not at all: only for a server on this machine or in a network you trust.</summary>
    None,
}
