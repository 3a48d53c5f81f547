using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Mail;

/// <summary>Writes each mail as a file of its own: <c>{Message-ID}.eml</c>. A mail that is sent again replaces itself.</summary>
internal sealed class FileMailSender(IOptions<MailOptions> options) : IMailSender
{
    public async Task<MailAttempt> SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        var folder = options.Value.Folder;
        var name = mail.Id[..mail.Id.IndexOf('@', StringComparison.Ordinal)];
        var path = Path.Combine(folder, name + ".eml");
        try
        {
            CreateFolder(folder);
            var hidden = path + ".part";
            await using (var file = new FileStream(hidden, FileMode.Create, FileAccess.Write, FileShare.None))
            {
                await file.WriteAsync(mail.ToBytes(), cancellationToken);
                file.Flush(flushToDisk: true);
            }

            // Whoever watches the folder sees whole mails only.
            File.Move(hidden, path, overwrite: true);
            return MailAttempt.Taken;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new MailAttempt("the file could not be written: " + exception.GetType().Name);
        }
    }

    /// <summary>Mails hold links that act for people: the folder is for our own user only.</summary>
    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
