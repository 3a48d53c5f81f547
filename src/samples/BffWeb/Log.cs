namespace BffWeb;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Signing in failed")]
    public static partial void SignInFailed(ILogger logger, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "{Problem} Is it running? {Reason}")]
    public static partial void IssuerUnavailable(ILogger logger, string problem, string? reason);

    [LoggerMessage(3, LogLevel.Warning, "The access token was not renewed: the token endpoint answered {Status}")]
    public static partial void RefreshFailed(ILogger logger, int? status);
}
