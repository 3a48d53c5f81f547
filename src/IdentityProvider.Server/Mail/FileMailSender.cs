using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Mail;

/// <summary>Writes each mail as a file of its own: <c>{Message-ID}.eml</c>. A mail that is sent again replaces itself.</summary>
internal sealed class FileMailSender(IOptions<MailOptions> options) : IMailSender
{
    public async Task<MailAttempt> SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        var name = mail.Id[..mail.Id.IndexOf('@', StringComparison.Ordinal)];
        var path = Path.Combine(options.Value.Folder, name + ".eml");
        return await SecretFiles.TryWriteAsync(path, mail.ToBytes(), cancellationToken) is { } problem
            ? new MailAttempt(problem)
            : MailAttempt.Taken;
    }
}
