using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading.Channels;

namespace IdentityProvider.EndToEnd.Tests.Processes;

/// <summary>A process of the product or a sample, ended with its children when the test is over.</summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<bool> _news = Channel.CreateUnbounded<bool>();
    private readonly Task _ended;

    private ChildProcess(ProcessStartInfo start)
    {
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        _ended = WaitForEndAsync();
    }

    /// <summary>All it wrote so far.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The first address it listens on.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts a web process and waits until it says where it listens.</summary>
    public static async Task<ChildProcess> ListenAsync(
        string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder = null)
    {
        var process = new ChildProcess(StartInfo(fileName, arguments, environment, folder));
        try
        {
            process.Address = await process._listening.Task.WaitAsync(Patience);
            return process;
        }
        catch (TimeoutException silence)
        {
            await process.DisposeAsync();
            throw new TimeoutException("listens nowhere: " + process.Output, silence);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a process to its end: exit code and what it wrote.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder = null)
    {
        await using var process = new ChildProcess(StartInfo(fileName, arguments, environment, folder));
        return await process.EndAsync();
    }

    /// <summary>Starts a process to talk to.</summary>
    public static ChildProcess Start(
        string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder = null) =>
        new(StartInfo(fileName, arguments, environment, folder));

    /// <summary>Waits until it has written something; fails when it ends without.</summary>
    public async Task<Match> ReadAsync(string pattern)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (Regex.Match(Output, pattern, RegexOptions.Multiline, Patience) is { Success: true } match)
            {
                return match;
            }

            Assert.True(await HasMoreAsync(patience.Token), $"no '{pattern}': {Output}");
        }
    }

    /// <summary>The largest file that it may write from now on, in bytes; null for no limit. Whoever goes beyond is refused as by a full disk.</summary>
    public async Task LimitFilesAsync(long? bytes)
    {
        var limit = bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited";
        var (exitCode, output) = await RunAsync(
            "prlimit", ["--pid", _process.Id.ToString(CultureInfo.InvariantCulture), $"--fsize={limit}:unlimited"], new Dictionary<string, string>());
        Assert.True(exitCode == 0, output);
    }

    /// <summary>What Ctrl-C sends.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Waits until it ends by itself: exit code and what it wrote.</summary>
    public async Task<(int ExitCode, string Output)> EndAsync()
    {
        await _ended.WaitAsync(Patience);
        return (_process.ExitCode, Output);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _ended.WaitAsync(Patience);
        _process.Dispose();
    }

    /// <summary>The end of the process and of all it wrote.</summary>
    private async Task WaitForEndAsync()
    {
        await _process.WaitForExitAsync();
        _listening.TrySetException(new InvalidOperationException("ended: " + Output));
        _news.Writer.Complete();
    }

    /// <summary>Waits until it has written more; false when it never will.</summary>
    private async Task<bool> HasMoreAsync(CancellationToken patience)
    {
        try
        {
            return await _news.Reader.WaitToReadAsync(patience) && _news.Reader.TryRead(out _);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static ProcessStartInfo StartInfo(
        string fileName, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? folder)
    {
        var start = new ProcessStartInfo(fileName, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private void Note(string? line)
    {
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        _news.Writer.TryWrite(true);
        if (ListeningLine().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
        }
    }

    [GeneratedRegex("([Ll]istening on:?|Local:) +(?<address>https?://[^ ,\"\\\\]+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex ListeningLine();
}
