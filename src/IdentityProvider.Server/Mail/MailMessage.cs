using System.Security.Cryptography;
using System.Text;

namespace IdentityProvider.Server.Mail;

/// <summary>A mail as it is sent: one receiver, the same text twice (<c>multipart/alternative</c>, RFC 2046 §5.1.4).</summary>
internal sealed record MailMessage
{
    public required string From { get; init; }

    public string? FromName { get; init; }

    public string? ReplyTo { get; init; }

    public required string To { get; init; }

    public required string Subject { get; init; }

    public required string Text { get; init; }

    public required string Html { get; init; }

    public required string Language { get; init; }

    public required DateTimeOffset Date { get; init; }

    /// <summary>Without angle brackets. The same for every attempt to send it, so that a mail server can tell a repetition.</summary>
    public required string Id { get; init; }

    /// <summary>RFC 5322 with CRLF. Every header is either made by us, an address that was checked, or encoded.</summary>
    public byte[] ToBytes()
    {
        foreach (var address in new[] { From, ReplyTo ?? From, To })
        {
            if (!MimeText.IsAddress(address))
            {
                throw new InvalidOperationException("A mail would be sent to something that is not one address.");
            }
        }

        var boundary = "=_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var mail = new StringBuilder();
        mail.Append("Date: ").Append(MimeText.Date(Date)).Append("\r\n")
            .Append("From: ").Append(MimeText.Mailbox(FromName, From)).Append("\r\n")
            .Append("To: ").Append(To).Append("\r\n");
        if (ReplyTo is not null)
        {
            mail.Append("Reply-To: ").Append(ReplyTo).Append("\r\n");
        }

        // RFC 3834 §5: nobody's absence is answered to us.
        mail.Append("Subject: ").Append(MimeText.Encode(Subject)).Append("\r\n")
            .Append("Message-ID: <").Append(Id).Append(">\r\n")
            .Append("Content-Language: ").Append(Language).Append("\r\n")
            .Append("Auto-Submitted: auto-generated\r\n")
            .Append("MIME-Version: 1.0\r\n")
            .Append("Content-Type: multipart/alternative;\r\n boundary=\"").Append(boundary).Append("\"\r\n\r\n");
        AppendPart(mail, boundary, "text/plain", Text);
        AppendPart(mail, boundary, "text/html", Html);
        mail.Append("--").Append(boundary).Append("--\r\n");
        return Encoding.ASCII.GetBytes(mail.ToString());
    }

    private static void AppendPart(StringBuilder mail, string boundary, string type, string body)
    {
        mail.Append("--").Append(boundary).Append("\r\n")
            .Append("Content-Type: ").Append(type).Append("; charset=utf-8\r\n")
            .Append("Content-Transfer-Encoding: base64\r\n\r\n");
        MimeText.AppendBase64(mail, body);
    }
}
