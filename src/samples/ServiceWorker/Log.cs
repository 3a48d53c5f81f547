using Microsoft.Extensions.Logging;

namespace ServiceWorker;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Api}: GET /orders {Read}, POST /orders {Added}")]
    public static partial void Called(ILogger logger, string api, int read, int added);

    [LoggerMessage(2, LogLevel.Warning, "{Api} was not called ({Problem}). Are the identity provider ({Issuer}) and {Orders} running?")]
    public static partial void NotReached(ILogger logger, string api, string issuer, Uri orders, string problem);
}
