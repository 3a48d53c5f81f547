using Microsoft.Extensions.Logging;

namespace IdentityProvider.ResourceServer;

/// <summary>Every log line of this package. None carries a token or anything else a client sent.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Access token refused: {Reason}")]
    public static partial void TokenRefused(ILogger logger, string reason);

    [LoggerMessage(2, LogLevel.Information, "Request refused: {Reason}")]
    public static partial void RequestRefused(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Access token could not be checked: {Reason}")]
    public static partial void TokenUndecided(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "{Count} keys of {Issuer} fetched, fresh for {Freshness}")]
    public static partial void KeysFetched(ILogger logger, string issuer, int count, TimeSpan freshness);

    [LoggerMessage(5, LogLevel.Warning, "The metadata of {Issuer} could not be fetched; earlier ones stay in use")]
    public static partial void MetadataFailed(ILogger logger, string issuer, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "The keys of {Issuer} could not be fetched; earlier ones stay in use")]
    public static partial void KeysFailed(ILogger logger, string issuer, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "The status list {Address} could not be fetched; an earlier copy stays in use until it expires")]
    public static partial void StatusListFailed(ILogger logger, string address, Exception exception);
}
