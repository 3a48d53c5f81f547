namespace WebApp;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "Signing in failed")]
    public static partial void SignInFailed(ILogger logger, Exception? exception);

    [LoggerMessage(2, LogLevel.Warning, "The identity provider at {Issuer} does not answer as one. Is it running? {Reason}")]
    public static partial void IssuerUnavailable(ILogger logger, string issuer, string? reason);

    [LoggerMessage(3, LogLevel.Warning, "The access token was not renewed: the token endpoint answered {Status}")]
    public static partial void RefreshFailed(ILogger logger, int? status);
}
