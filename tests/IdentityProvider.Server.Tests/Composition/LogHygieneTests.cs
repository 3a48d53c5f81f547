using System.Text.Json;
using IdentityProvider.Server.Composition;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;

namespace IdentityProvider.Server.Tests.Composition;

[Case(418)]
public sealed class LogHygieneTests
{
    private const string Forged = "x\r\n12:00:00.000 info Server: all is well\u001b[31m \u202e\u2028 \u009b0m";

    [Fact]
    public void A_forged_line_stays_inside_its_event_when_people_read()
    {
        var lines = Write(new ReadableLogFormatter(), log => log.Information("Refused {Detail}", Forged)).TrimEnd('\n').Split('\n');

        var line = Assert.Single(lines);
        Assert.Contains(@"Refused x\u000d\u000a12:00:00.000 info Server: all is well\u001b[31m \u202e\u2028 \u009b0m", line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_forged_line_stays_inside_its_event_as_JSON()
    {
        var lines = Write(new JsonLogFormatter(), log => log.Information("Refused {Detail}", Forged + "\",\"level\":\"Error")).TrimEnd('\n').Split('\n');

        using var json = JsonDocument.Parse(Assert.Single(lines));
        Assert.Equal("Information", json.RootElement.GetProperty("level").GetString());
        Assert.DoesNotContain('\u001b', json.RootElement.GetProperty("Detail").GetString()!);
    }

    [Fact]
    public void A_long_value_is_cut_and_its_length_told()
    {
        var text = Write(new JsonLogFormatter(), log => log.Information("Refused {Detail}", new string('a', 100_000)));

        Assert.InRange(text.Length, 4_000, 6_000);
        Assert.Contains("(100000 characters)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_inside_structures_are_cleaned_too()
    {
        var text = Write(new JsonLogFormatter(), log => log.Information("{@Order} {List}", new { Name = "a\u001bb" }, new[] { "c\u202ed" }));

        Assert.Contains(@"a\\u001bb", text, StringComparison.Ordinal);
        Assert.Contains(@"c\\u202ed", text, StringComparison.Ordinal);
    }

    [Fact]
    public void The_lines_of_an_exception_are_indented_for_people_and_one_line_as_JSON()
    {
        var exception = new InvalidOperationException("first\n12:00:00.000 info Server: forged");

        var readable = Write(new ReadableLogFormatter(), log => log.Error(exception, "Failed")).TrimEnd('\n').Split('\n');
        var json = Write(new JsonLogFormatter(), log => log.Error(exception, "Failed")).TrimEnd('\n').Split('\n');

        Assert.All(readable.Skip(1), line => Assert.StartsWith("      ", line, StringComparison.Ordinal));
        Assert.Single(json);
    }

    [Fact]
    public void Every_line_at_error_level_bears_an_error_id()
    {
        var own = Write(new JsonLogFormatter(), log => log.Error("Failed [{ErrorId}]", "abc"));
        var given = Write(new JsonLogFormatter(), log => log.Error("Failed"));
        var none = Write(new JsonLogFormatter(), log => log.Information("Fine"));

        Assert.Contains("\"ErrorId\":\"abc\"", own, StringComparison.Ordinal);
        Assert.Matches("\"ErrorId\":\"[a-z0-9]{10}\"", given);
        Assert.DoesNotContain("ErrorId", none, StringComparison.Ordinal);
    }

    private static string Write(ITextFormatter formatter, Action<Logger> write)
    {
        var sink = new Sink(formatter);
        using (var log = new LoggerConfiguration().Enrich.With<ErrorIdEnricher>().Enrich.With<LogHygiene>().WriteTo.Sink(sink).CreateLogger())
        {
            write(log);
        }

        return sink.Text.ToString().ReplaceLineEndings("\n");
    }

    private sealed class Sink(ITextFormatter formatter) : ILogEventSink
    {
        public StringWriter Text { get; } = new();

        public void Emit(LogEvent logEvent) => formatter.Format(logEvent, Text);
    }
}
