using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace IdentityProvider.Server.Composition;

/// <summary>The text of an event, strings without the quotes that Serilog puts around them.</summary>
internal static class LogMessage
{
    private const int MaxLength = 8 * LogHygiene.MaxLength;

    /// <summary>One line.</summary>
    public static string Of(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is PropertyToken property
                && logEvent.Properties.GetValueOrDefault(property.PropertyName) is ScalarValue { Value: string value })
            {
                text.Write(value);
            }
            else
            {
                token.Render(logEvent.Properties, text, CultureInfo.InvariantCulture);
            }
        }

        return LogHygiene.OneLine(text.ToString(), MaxLength);
    }
}
