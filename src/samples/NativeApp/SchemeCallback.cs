using System.IO.Pipes;
using System.Runtime.CompilerServices;

namespace NativeApp;

/// <summary>
/// A scheme of the app's own, named after a domain of its maker: RFC 8252 §7.1. The system starts the app once more with the address as
/// its argument; that second process hands it to the one that waits, and ends. On a phone the system does both.
/// </summary>
internal sealed class SchemeCallback(string clientId) : ICallback
{
    private const string Scheme = "com.example.nativeapp:";

    public string RedirectUri => Scheme + "/callback";

    public static bool IsAddress(string argument) => argument.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>What the second process does.</summary>
    /// <exception cref="NativeException">No process waits.</exception>
    public static async Task HandOverAsync(string clientId, string address, CancellationToken cancellationToken)
    {
        await using var pipe = new NamedPipeClientStream(".", PipeName(clientId), PipeDirection.Out, PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(TimeSpan.FromSeconds(5), cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new NativeException("Nobody waits for this answer. Start again: dotnet run --project src/samples/NativeApp -- --scheme");
        }

        await using var writer = new StreamWriter(pipe);
        await writer.WriteAsync(address.AsMemory(), cancellationToken);
    }

    public async IAsyncEnumerable<Uri> ReceiveAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            // Only processes of the same user can write to it.
            await using var pipe = new NamedPipeServerStream(
                PipeName(clientId), PipeDirection.In, 1, PipeTransmissionMode.Byte, PipeOptions.CurrentUserOnly | PipeOptions.Asynchronous);
            await pipe.WaitForConnectionAsync(cancellationToken);
            using var reader = new StreamReader(pipe);
            if (Uri.TryCreate(await reader.ReadToEndAsync(cancellationToken), UriKind.Absolute, out var address))
            {
                yield return address;
            }
        }
    }

    public void Dispose()
    {
        // The pipe lives only while somebody waits for it.
    }

    private static string PipeName(string clientId) => $"{clientId}-{Environment.UserName}-callback";
}
