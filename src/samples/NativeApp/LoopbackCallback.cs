using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace NativeApp;

/// <summary>
/// A listener on 127.0.0.1 and a port the system chooses, open only while someone signs in: RFC 8252 §7.3. Not "localhost", which a
/// name server or another interface could answer (§8.3).
/// </summary>
internal sealed class LoopbackCallback : ICallback
{
    private const string Page =
        "<!doctype html><html lang=\"en\"><meta name=\"viewport\" content=\"width=device-width\">"
        + "<meta name=\"color-scheme\" content=\"light dark\"><title>Back to the app</title>"
        + "<h1>Back to the app</h1><p>You can close this tab.</p></html>";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public LoopbackCallback()
    {
        _listener.Start();
        RedirectUri = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/callback";
    }

    public string RedirectUri { get; }

    public async IAsyncEnumerable<Uri> ReceiveAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            using var connection = await _listener.AcceptTcpClientAsync(cancellationToken);
            if (await ServeAsync(connection, cancellationToken) is { } address)
            {
                yield return address;
            }
        }
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>The address of a GET for the callback; null for anything else, such as the icon a browser asks for.</summary>
    private async Task<Uri?> ServeAsync(TcpClient connection, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var request = await reader.ReadLineAsync(patience.Token) ?? "";
            while (await reader.ReadLineAsync(patience.Token) is { Length: > 0 })
            {
                // Headers say nothing this app needs.
            }

            var address = request.Split(' ') is ["GET", var path, _] && path.StartsWith("/callback?", StringComparison.Ordinal)
                && Uri.TryCreate(new Uri(RedirectUri), path, out var whole) ? whole : null;
            var body = address is null ? "" : Page;
            var answer =
                $"HTTP/1.1 {(address is null ? "404 Not Found" : "200 OK")}\r\nContent-Type: text/html; charset=utf-8\r\n"
                + "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nContent-Security-Policy: default-src 'none'\r\n"
                + $"Content-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
            await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), patience.Token);
            return address;
        }
        catch (Exception exception) when (exception is IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // A connection that says nothing, or went away.
            return null;
        }
    }
}
