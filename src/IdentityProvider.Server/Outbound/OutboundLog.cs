namespace IdentityProvider.Server.Outbound;

/// <summary>Log lines of outbound requests: 7xxx.</summary>
internal static partial class OutboundLog
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "Not fetched: {Address}: {Reason}")]
    public static partial void Refused(ILogger logger, string address, string reason);

    [LoggerMessage(EventId = 7002, Level = LogLevel.Warning, Message = "Fetching {Address} failed: {Reason}")]
    public static partial void Failed(ILogger logger, string address, string reason);

    [LoggerMessage(EventId = 7003, Level = LogLevel.Warning, Message = "A new password was not looked up in Accounts:password_range_service, and passes: {Reason}")]
    public static partial void NoPasswordRange(ILogger logger, string reason);
}
