namespace IdentityProvider.Server;

/// <summary>
/// Every log line of the server: 1xxx token, 2xxx authorization, 3xxx introspection, 4xxx revocation, 5xxx userinfo, 6xxx end session, 61xx registration,
/// 7xxx pages, 8xxx background work, 9xxx host. A refusal is one line at information level; its error id also stands on the error page.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Information, "Token request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void TokenRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(1002, LogLevel.Debug, "A device polled; its person has not decided yet")]
    public static partial void TokenPending(ILogger logger);

    [LoggerMessage(2001, LogLevel.Information, "Authorization request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void AuthorizationRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(2002, LogLevel.Information, "Device authorization request refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void DeviceAuthorizationRefused(ILogger logger, string errorId, string error, LogText detail);

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

    [LoggerMessage(6101, LogLevel.Information, "Client registration refused [{ErrorId}] {Error}: {Detail}")]
    public static partial void RegistrationRefused(ILogger logger, string errorId, string error, LogText detail);

    [LoggerMessage(7001, LogLevel.Information, "A flow cannot go on [{ErrorId}] at {Path}: forged, too old, answered, or of another browser")]
    public static partial void FlowRefused(ILogger logger, string errorId, string path);

    [LoggerMessage(7002, LogLevel.Information, "A form from another site is refused [{ErrorId}] at {Path}: Sec-Fetch-Site {Site}, Origin {Origin}")]
    public static partial void CrossSiteRefused(ILogger logger, string errorId, string path, LogText site, LogText origin);

    [LoggerMessage(7003, LogLevel.Information, "A form without a valid antiforgery token is refused [{ErrorId}] at {Path}")]
    public static partial void ForgeryRefused(ILogger logger, string errorId, string path);

    [LoggerMessage(7004, LogLevel.Warning, "libsodium is missing: new passwords are hashed by PBKDF2, and stored Argon2id strings cannot be verified")]
    public static partial void Argon2Missing(ILogger logger);

    [LoggerMessage(7005, LogLevel.Information, "A form that cannot be read is refused [{ErrorId}] at {Path} with {Status}")]
    public static partial void FormUnreadable(ILogger logger, string errorId, string path, int status);

    [LoggerMessage(7006, LogLevel.Warning, "A user code from {RemoteAddress} was not looked up: too many wrong ones, limit {Limit}")]
    public static partial void CodeEntryRefused(ILogger logger, string limit, string? remoteAddress);

    [LoggerMessage(7060, LogLevel.Information, "A sign-in with {Provider} is refused [{ErrorId}]: {Reason}")]
    public static partial void UpstreamRefused(ILogger logger, string errorId, string provider, LogText reason);

    [LoggerMessage(7061, LogLevel.Warning, "The metadata of {Provider} is refused: {Reason}")]
    public static partial void UpstreamMetadataRefused(ILogger logger, string provider, string reason);

    [LoggerMessage(7040, LogLevel.Warning, "Texts beside the program: {Note}")]
    public static partial void TextNote(ILogger logger, string note);
    [LoggerMessage(7020, LogLevel.Information, "A new passkey is refused: {Reason}")]
    public static partial void PasskeyRefused(ILogger logger, LogText reason);

    [LoggerMessage(8001, LogLevel.Error, "The key ring could not be refreshed; the keys in memory stay in use")]
    public static partial void KeyRingNotAdvanced(ILogger logger, Exception fault);

    [LoggerMessage(8002, LogLevel.Error, "Changes of clients, scopes and resources could not be read; what is in memory stays in use")]
    public static partial void CatalogNotRefreshed(ILogger logger, Exception fault);

    [LoggerMessage(8003, LogLevel.Error, "Expired rows could not be deleted; the next round tries again")]
    public static partial void CleanupFailed(ILogger logger, Exception fault);

    [LoggerMessage(8004, LogLevel.Error, "Logout notices could not be worked on; they wait for the next round")]
    public static partial void DeliveriesFailed(ILogger logger, Exception fault);

    [LoggerMessage(
        8010,
        LogLevel.Error,
        "This node's clock is {Seconds} s {Direction} the database's, more than the {Most} s allowed: it is not ready until the clock is right. "
            + "Set the clock from the same time service as the database's (timedatectl, chronyc tracking)")]
    public static partial void ClockApart(ILogger logger, long seconds, string direction, long most);

    [LoggerMessage(8011, LogLevel.Information, "This node's clock is right again")]
    public static partial void ClockRight(ILogger logger);

    [LoggerMessage(9001, LogLevel.Error, "{Method} {Path} failed [error id {ErrorId}]")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string errorId, string method, string path);

    [LoggerMessage(9002, LogLevel.Error, "The database does not answer: {Path} is refused as temporarily unavailable [error id {ErrorId}]")]
    public static partial void DatabaseUnavailable(ILogger logger, Exception exception, string errorId, string path);

    [LoggerMessage(9003, LogLevel.Information, "{Path}: the request could not be read: {Reason}")]
    public static partial void RequestUnreadable(ILogger logger, string path, LogText reason);

    [LoggerMessage(9004, LogLevel.Information, "Ready in {Milliseconds} ms; issuer {Issuer}, listening on {Addresses}")]
    public static partial void Ready(ILogger logger, long milliseconds, string issuer, string addresses);

    [LoggerMessage(9005, LogLevel.Warning, "Development: plain http, known passwords, for this machine only (loopback). Never let others reach it.")]
    public static partial void DevelopmentOnly(ILogger logger);

    [LoggerMessage(9006, LogLevel.Information, "The database was brought to this version's schema: {Migrations}")]
    public static partial void Migrated(ILogger logger, string migrations);
}
