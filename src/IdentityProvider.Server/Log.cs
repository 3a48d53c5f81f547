namespace IdentityProvider.Server;

/// <summary>
/// Every log line of the server: 1xxx token, 2xxx authorization, 3xxx introspection, 4xxx revocation, 5xxx userinfo, 6xxx end session,
/// 7xxx pages, 8xxx background work, 9xxx host. A refusal is one line at information level; its error id also stands on the error page.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Token request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void TokenRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(2001, LogLevel.Information, "Authorization request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void AuthorizationRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(3001, LogLevel.Information, "Introspection request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void IntrospectionRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(4001, LogLevel.Information, "Revocation request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void RevocationRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(5001, LogLevel.Information, "Userinfo request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void UserInfoRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(6001, LogLevel.Information, "End-session request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void EndSessionRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(6002, LogLevel.Information, "End-session request is put to the person [{ErrorId}] {Error}: {Detail}")]
    public static partial void EndSessionDoubted(ILogger logger, string errorId, string error, LogText detail);
}
