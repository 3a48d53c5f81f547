using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace IdentityProvider.Server.Tests.Mail;

/// <summary>A mail server on loopback that speaks as much SMTP as is spoken to it, and keeps what it was sent.</summary>
internal sealed class FakeSmtpServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2 _authority;
    private readonly Task _running;

    public FakeSmtpServer()
    {
        (_authority, _certificate) = MakeCertificates();
        _listener.Start();
        _running = RunAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string AuthorityPem => _authority.ExportCertificatePem();

    public bool Implicit { get; init; }

    public bool OffersStartTls { get; init; } = true;

    /// <summary>Words after <c>AUTH</c>; null for a server without it.</summary>
    public string? Mechanisms { get; init; }

    /// <summary>Sent in the clear right behind the answer to STARTTLS.</summary>
    public string? BehindStartTls { get; init; }

    /// <summary>Replies by command instead of the usual ones.</summary>
    public Dictionary<string, string> Replies { get; } = new(StringComparer.Ordinal);

    /// <summary>Every line that came, the mail's own excepted, with a + before those that came over TLS.</summary>
    public ConcurrentQueue<string> Lines { get; } = new();

    public ConcurrentQueue<string> Mails { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _running;
        _stop.Dispose();
        _certificate.Dispose();
        _authority.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                try
                {
                    await TalkAsync(client.GetStream());
                }
                catch (Exception exception) when (exception is IOException or System.Security.Authentication.AuthenticationException)
                {
                    // They hung up.
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or InvalidOperationException)
        {
        }
    }

    private async Task TalkAsync(Stream stream)
    {
        var isSecure = false;
        if (Implicit)
        {
            (stream, isSecure) = (await ProtectAsync(stream), true);
        }

        await WriteAsync(stream, "220 fake ready");
        while (await ReadLineAsync(stream) is { } line)
        {
            Lines.Enqueue((isSecure ? "+" : "-") + line);
            var verb = line.Split(' ')[0];
            if (Replies.TryGetValue(verb, out var reply))
            {
                await WriteAsync(stream, reply);
                continue;
            }

            switch (verb)
            {
                case "EHLO":
                    await WriteAsync(stream, "250-fake" + (OffersStartTls && !isSecure ? "\r\n250-STARTTLS" : "") + (Mechanisms is null ? "" : "\r\n250-AUTH " + Mechanisms) + "\r\n250 SIZE 1000000");
                    break;
                case "STARTTLS" when OffersStartTls:
                    await WriteAsync(stream, "220 go" + (BehindStartTls is null ? "" : "\r\n" + BehindStartTls));
                    (stream, isSecure) = (await ProtectAsync(stream), true);
                    break;
                case "STARTTLS":
                    await WriteAsync(stream, "502 5.5.1 not here");
                    break;
                case "AUTH" when line.Contains("LOGIN", StringComparison.Ordinal):
                    await WriteAsync(stream, "334 VXNlcm5hbWU6");
                    Lines.Enqueue("+" + await ReadLineAsync(stream));
                    await WriteAsync(stream, "334 UGFzc3dvcmQ6");
                    Lines.Enqueue("+" + await ReadLineAsync(stream));
                    await WriteAsync(stream, "235 2.7.0 welcome");
                    break;
                case "AUTH":
                    await WriteAsync(stream, "235 2.7.0 welcome");
                    break;
                case "DATA":
                    await WriteAsync(stream, "354 go on");
                    Mails.Enqueue(await ReadMailAsync(stream));
                    await WriteAsync(stream, "250 2.0.0 taken");
                    break;
                case "QUIT":
                    await WriteAsync(stream, "221 bye");
                    return;
                default:
                    await WriteAsync(stream, "250 ok");
                    break;
            }
        }
    }

    private static async Task<string> ReadMailAsync(Stream stream)
    {
        var mail = new StringBuilder();
        while (await ReadLineAsync(stream) is { } line and not ".")
        {
            mail.Append(line).Append("\r\n");
        }

        return mail.ToString();
    }

    private async Task<Stream> ProtectAsync(Stream stream)
    {
        var tls = new SslStream(stream);
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
        return tls;
    }

    private async Task WriteAsync(Stream stream, string line) =>
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);

    /// <summary>Byte by byte, so that nothing of a TLS handshake is read with it.</summary>
    private static async Task<string?> ReadLineAsync(Stream stream)
    {
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one) == 1)
        {
            if (one[0] == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            line.Append((char)one[0]);
        }

        return null;
    }

    private static (X509Certificate2 Authority, X509Certificate2 Server) MakeCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=Mail test authority", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        authority.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var root = authority.CreateSelfSigned(from, to);

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        using var signed = server.Create(root, from, to, RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return (root, X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), password: null));
    }
}
