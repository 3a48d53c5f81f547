using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace IdentityProvider.Server.Mail;

/// <summary>One conversation with an SMTP server (RFC 5321), from the greeting to QUIT.</summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    /// <summary>RFC 5321 §4.5.3.1.5 allows 512 octets a reply line; more generous, and not without end.</summary>
    private const int MaxLine = 2048;

    private const int MaxReplyLines = 100;

    private readonly TcpClient _tcp = new();
    private readonly byte[] _buffer = new byte[MaxLine];
    private Stream _stream = Stream.Null;
    private int _start;
    private int _end;
    private IReadOnlyList<string> _extensions = [];

    private SmtpConnection()
    {
    }

    /// <summary>Connects, protects the connection as the settings say, and signs in.</summary>
    public static async Task<SmtpConnection> OpenAsync(MailOptions settings, SmtpTrust trust, CancellationToken cancellationToken)
    {
        var connection = new SmtpConnection();
        try
        {
            await connection.BeginAsync(settings, trust, cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>One mail to one receiver. It is the server's once this has returned.</summary>
    public async Task SendAsync(MailMessage mail, CancellationToken cancellationToken)
    {
        var body = mail.ToBytes();
        await CommandAsync("MAIL", $"MAIL FROM:<{mail.From}>", 250, concernsMail: false, cancellationToken);
        await CommandAsync("RCPT", $"RCPT TO:<{mail.To}>", 250, concernsMail: true, cancellationToken);
        await CommandAsync("DATA", "DATA", 354, concernsMail: true, cancellationToken);

        // Bodies are base64 and headers ours, so no line begins with a dot (RFC 5321 §4.5.2).
        await _stream.WriteAsync(body, cancellationToken);
        await CommandAsync("the mail", ".", 250, concernsMail: true, cancellationToken);
        await SayGoodbyeAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _tcp.Dispose();
    }

    private async Task BeginAsync(MailOptions settings, SmtpTrust trust, CancellationToken cancellationToken)
    {
        var port = settings.Port ?? settings.Tls switch
        {
            SmtpTls.StartTls => 587,
            SmtpTls.Implicit => 465,
            SmtpTls.None => 25,
            _ => throw new InvalidOperationException($"{settings.Tls} is not known"),
        };
        await _tcp.ConnectAsync(settings.Host!, port, cancellationToken);
        _stream = _tcp.GetStream();
        if (settings.Tls == SmtpTls.Implicit)
        {
            await ProtectAsync(settings.Host!, trust, cancellationToken);
        }

        await ExpectAsync("the connection", 220, concernsMail: false, cancellationToken);
        await GreetAsync(settings.From!, cancellationToken);
        if (settings.Tls == SmtpTls.StartTls)
        {
            await CommandAsync("STARTTLS", "STARTTLS", 220, concernsMail: false, cancellationToken);
            if (_start != _end)
            {
                // RFC 3207 §6 and CVE-2021-38371: what somebody put behind the answer in the clear must not count as protected.
                throw new IOException("the mail server sent more than its answer to STARTTLS");
            }

            await ProtectAsync(settings.Host!, trust, cancellationToken);

            // RFC 3207 §4.2: what was learned before counts no more.
            await GreetAsync(settings.From!, cancellationToken);
        }

        if (settings.UserName is not null)
        {
            await AuthenticateAsync(settings.UserName, settings.Password!, cancellationToken);
        }
    }

    private async Task ProtectAsync(string host, SmtpTrust trust, CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        await tls.AuthenticateAsClientAsync(trust.For(host), cancellationToken);
    }

    /// <summary>With the sender's domain as our name: a machine's own name would tell strangers how our network is built.</summary>
    private async Task GreetAsync(string from, CancellationToken cancellationToken)
    {
        var reply = await CommandAsync("EHLO", "EHLO " + from[(from.IndexOf('@', StringComparison.Ordinal) + 1)..], 250, concernsMail: false, cancellationToken);
        _extensions = [.. reply.Skip(1).Select(line => line.ToUpperInvariant())];
    }

    private async Task AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        var mechanisms = _extensions.FirstOrDefault(line => line.StartsWith("AUTH ", StringComparison.Ordinal))?.Split(' ') ?? [];
        if (mechanisms.Contains("PLAIN", StringComparer.Ordinal))
        {
            await CommandAsync("AUTH", "AUTH PLAIN " + Base64($"\0{userName}\0{password}"), 235, concernsMail: false, cancellationToken);
            return;
        }

        await CommandAsync("AUTH", "AUTH LOGIN", 334, concernsMail: false, cancellationToken);
        await CommandAsync("AUTH", Base64(userName), 334, concernsMail: false, cancellationToken);
        await CommandAsync("AUTH", Base64(password), 235, concernsMail: false, cancellationToken);
    }

    /// <summary>The mail is theirs already; whatever happens now changes nothing.</summary>
    private async Task SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        try
        {
            await CommandAsync("QUIT", "QUIT", 221, concernsMail: false, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or SmtpReplyException or OperationCanceledException)
        {
        }
    }

    private async Task<IReadOnlyList<string>> CommandAsync(
        string step, string line, int expected, bool concernsMail, CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), cancellationToken);
        return await ExpectAsync(step, expected, concernsMail, cancellationToken);
    }

    /// <summary>A whole reply: its lines without code, <c>250-first</c>, <c>250 last</c> (RFC 5321 §4.2.1).</summary>
    private async Task<IReadOnlyList<string>> ExpectAsync(string step, int expected, bool concernsMail, CancellationToken cancellationToken)
    {
        var lines = new List<string>();
        while (lines.Count < MaxReplyLines)
        {
            var line = await ReadLineAsync(cancellationToken);
            var isReply = line.Length >= 3 && int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out _);
            var code = isReply ? int.Parse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture) : 0;
            lines.Add(line.Length > 4 ? line[4..] : string.Empty);
            if (code != expected)
            {
                throw new SmtpReplyException(step, code, lines[^1], concernsMail);
            }

            if (line.Length == 3 || line[3] != '-')
            {
                return lines;
            }
        }

        throw new IOException("the mail server's reply has no end");
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start.._end).IndexOf("\r\n"u8);
            if (length >= 0)
            {
                var line = Encoding.Latin1.GetString(_buffer, _start, length);
                _start += length + 2;
                return line;
            }

            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            var read = _end == MaxLine ? 0 : await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
            if (read == 0)
            {
                throw new IOException("the mail server closed the connection, or sent a line without end");
            }

            _end += read;
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
