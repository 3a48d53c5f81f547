using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Lines for a person in Development. An event is one line; only an exception follows on indented lines, which nothing that a stranger
/// sends can begin.
/// </summary>
internal sealed class ReadableLogFormatter : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture));
        output.Write(LevelOf(logEvent.Level));
        output.Write(ShortNameOf(logEvent));
        output.Write(": ");
        output.Write(LogMessage.Of(logEvent));
        if (logEvent.Level >= LogEventLevel.Error && logEvent.Properties.TryGetValue("ErrorId", out var id))
        {
            output.Write($" [error id {id.ToString("l", CultureInfo.InvariantCulture)}]");
        }

        output.WriteLine();
        if (logEvent.Exception is { } exception)
        {
            foreach (var line in exception.ToString().ReplaceLineEndings("\n").Split('\n').Take(60))
            {
                output.Write("      ");
                output.WriteLine(LogHygiene.OneLine(line));
            }
        }
    }

    private static string LevelOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "trce ",
        LogEventLevel.Debug => "dbug ",
        LogEventLevel.Information => "info ",
        LogEventLevel.Warning => "warn ",
        LogEventLevel.Error => "fail ",
        LogEventLevel.Fatal => "crit ",
        _ => "     ",
    };

    /// <summary>The category's last part: the class that wrote the line.</summary>
    private static string ShortNameOf(LogEvent logEvent)
    {
        var category = logEvent.Properties.GetValueOrDefault("SourceContext") is ScalarValue { Value: string text } ? text : string.Empty;
        return category[(category.LastIndexOf('.') + 1)..];
    }
}
