using System.Collections.Concurrent;
using System.Diagnostics;
using System.Threading.Channels;

namespace IdentityProvider.Interop.Tests.Running;

/// <summary>A program that others wrote, or a script around one; ended with its children when the test is over.</summary>
internal sealed class ForeignProgram : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

    private ForeignProgram(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.Start();
        Ended = ReadAsync();
    }

    /// <summary>All it wrote so far, errors included.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The exit code, after all output was read.</summary>
    public Task<int> Ended { get; }

    public static ForeignProgram Start(
        string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string folder)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new ForeignProgram(start);
    }

    /// <summary>The next line of its standard output, or null when it has ended.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            return await _lines.Reader.WaitToReadAsync(patience.Token) ? await _lines.Reader.ReadAsync(patience.Token) : null;
        }
        catch (OperationCanceledException silence)
        {
            throw new TimeoutException($"silent for {Patience}: {Output}", silence);
        }
    }

    /// <summary>The first line of its standard output or error with this text in it.</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        while (await ReadLineAsync() is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new InvalidOperationException($"ended without '{text}': {Output}");
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Ended.WaitAsync(Patience);
        _process.Dispose();
    }

    private async Task<int> ReadAsync()
    {
        await Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
        await _process.WaitForExitAsync();
        _lines.Writer.Complete();
        return _process.ExitCode;
    }

    private async Task CopyAsync(StreamReader from)
    {
        while (await from.ReadLineAsync() is { } line)
        {
            _output.Enqueue(line);
            await _lines.Writer.WriteAsync(line);
        }
    }
}
