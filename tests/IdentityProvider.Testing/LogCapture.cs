using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;

namespace IdentityProvider.Testing;

/// <summary>What the server logged.</summary>
public sealed class LogCapture : ILoggerProvider
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<LogEntry> _entries = new();

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    /// <summary>The text of all entries, for a look at what must not be in there.</summary>
    public string AllText => string.Join('\n', _entries.Select(entry => entry.Text));

    /// <summary>
    /// Whether it stands there as a word of its own, in any case: six digits or five hexadecimal ones come up by chance within the random values of
    /// identifiers.
    /// </summary>
    public bool Tells(string word) =>
        Regex.IsMatch(AllText, $"(?<![0-9A-Za-z_-]){Regex.Escape(word)}(?![0-9A-Za-z_-])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, Patience);

    /// <summary>The last entry with that event id.</summary>
    public LogEntry Last(int eventId) => _entries.Last(entry => entry.EventId == eventId);

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            capture._entries.Enqueue(new LogEntry(category, logLevel, eventId.Id, formatter(state, exception), exception));
    }
}

/// <summary>One line.</summary>
public sealed record LogEntry(string Category, LogLevel Level, int EventId, string Text, Exception? Exception);
