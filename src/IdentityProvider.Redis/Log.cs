using Microsoft.Extensions.Logging;

namespace IdentityProvider.Redis;

/// <summary>One line for each change, none for a request.</summary>
internal static partial class Log
{
    [LoggerMessage(8201, LogLevel.Information, "Redis at {Address} is used: it counts attempts in windows that begin at {Since:u} or later")]
    public static partial void Used(ILogger logger, RedisAddress address, DateTimeOffset since);

    [LoggerMessage(8202, LogLevel.Warning, "Redis is not used, attempts are counted in the database: {Reason}")]
    public static partial void Lost(ILogger logger, string reason);

    [LoggerMessage(8203, LogLevel.Error, "Redis is not used, attempts are counted in the database: connecting failed in an unexpected way")]
    public static partial void Broken(ILogger logger, Exception fault);
}
