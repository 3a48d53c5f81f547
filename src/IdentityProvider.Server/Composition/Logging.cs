using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Logging: <c>ILogger</c> everywhere, Serilog behind it, the console in front. Levels are set in section <c>Logging</c> as in every
/// ASP.NET Core application; further sinks in section <c>Serilog</c>.
/// </summary>
internal static class Logging
{
    /// <summary>"Hosting failed to start", with the whole stack: on the console <see cref="StartFault"/> tells it, and what it does not know ends the process with its stack.</summary>
    private const int HostedServiceStartupFaulted = 11;

    public static void AddServerLogging(this WebApplicationBuilder builder, bool isDevelopment)
    {
        ITextFormatter formatter = isDevelopment ? new ReadableLogFormatter() : new JsonLogFormatter();
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Enrich.FromLogContext()
            .Enrich.With<ErrorIdEnricher>()
            .Enrich.With<LogHygiene>()
            .WriteTo.Logger(console => console.Filter.ByExcluding(IsToldAtTheEnd).WriteTo.Console(formatter));
        if (builder.Configuration.GetSection("Serilog").Exists())
        {
            configuration.ReadFrom.Configuration(builder.Configuration);
        }

        Logger logger = configuration.CreateLogger();
        builder.Logging.ClearProviders();

        // Not AddSerilog: it would let everything through, whatever section Logging says.
        builder.Logging.AddProvider(new SerilogLoggerProvider(logger, dispose: true));
    }

    private static bool IsToldAtTheEnd(LogEvent line) =>
        line.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: "Microsoft.Extensions.Hosting.Internal.Host" }
        && line.Properties.GetValueOrDefault("EventId") is StructureValue id
        && id.Properties.Any(property => property is { Name: "Id", Value: ScalarValue { Value: HostedServiceStartupFaulted } });
}
