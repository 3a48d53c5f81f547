using IdentityProvider.Server.Endpoints;
using Serilog.Core;
using Serilog.Events;

namespace IdentityProvider.Server.Composition;

/// <summary>Gives every line at error level an error id, unless whoever wrote it did: something to name when asking for help.</summary>
internal sealed class ErrorIdEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (logEvent.Level >= LogEventLevel.Error && !logEvent.Properties.ContainsKey("ErrorId"))
        {
            logEvent.AddPropertyIfAbsent(new LogEventProperty("ErrorId", new ScalarValue(ErrorId.Create())));
        }
    }
}
