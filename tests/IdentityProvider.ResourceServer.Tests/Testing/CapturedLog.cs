using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace IdentityProvider.ResourceServer.Tests.Testing;

/// <summary>The lines this package logged, in order.</summary>
internal sealed class CapturedLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public string? Last(string start) =>
        _lines.LastOrDefault(line => line.StartsWith(start, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("IdentityProvider.", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue(formatter(state, exception) + (exception is null ? "" : " | " + exception.Message));

    public void Dispose()
    {
    }
}
