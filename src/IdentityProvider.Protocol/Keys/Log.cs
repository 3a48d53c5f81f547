using Microsoft.Extensions.Logging;

namespace IdentityProvider.Protocol.Keys;

/// <summary>Log lines of the key ring: events 8101 to 8199.</summary>
internal static partial class Log
{
    [LoggerMessage(8101, LogLevel.Information, "Key {KeyId} ({Algorithm}) made; it takes over at {ActivatesAt:u}")]
    public static partial void KeyMade(this ILogger logger, string keyId, string algorithm, DateTimeOffset activatesAt);

    [LoggerMessage(8102, LogLevel.Information, "Key {KeyId} ({Algorithm}) signs until {RetiresAt:u} and is accepted until {RemovesAt:u}")]
    public static partial void KeyEnds(this ILogger logger, string keyId, string algorithm, DateTimeOffset? retiresAt, DateTimeOffset? removesAt);

    [LoggerMessage(8103, LogLevel.Information, "Key {KeyId} deleted; it was removed from use a day ago or longer")]
    public static partial void KeyDeleted(this ILogger logger, string keyId);

    [LoggerMessage(8104, LogLevel.Warning, "Key {KeyId} was declared compromised: what it signed or sealed is no longer accepted")]
    public static partial void KeyCompromised(this ILogger logger, string keyId);

    [LoggerMessage(8105, LogLevel.Information, "{Count} keys wrapped again under the master key from the {Source}")]
    public static partial void KeysRewrapped(this ILogger logger, int count, string source);
}
