using Serilog;
using Serilog.Core;
using Serilog.Extensions.Logging;
using Serilog.Formatting;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Logging: <c>ILogger</c> everywhere, Serilog behind it, the console in front. Levels are set in section <c>Logging</c> as in every
/// ASP.NET Core application; further sinks in section <c>Serilog</c>.
/// </summary>
internal static class Logging
{
    public static void AddServerLogging(this WebApplicationBuilder builder, bool isDevelopment)
    {
        ITextFormatter formatter = isDevelopment ? new ReadableLogFormatter() : new JsonLogFormatter();
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Enrich.FromLogContext()
            .Enrich.With<ErrorIdEnricher>()
            .Enrich.With<LogHygiene>()
            .WriteTo.Console(formatter);
        if (builder.Configuration.GetSection("Serilog").Exists())
        {
            configuration.ReadFrom.Configuration(builder.Configuration);
        }

        Logger logger = configuration.CreateLogger();
        builder.Logging.ClearProviders();

        // Not AddSerilog: it would let everything through, whatever section Logging says.
        builder.Logging.AddProvider(new SerilogLoggerProvider(logger, dispose: true));
    }
}
