namespace IdentityProvider.Redis.Connections;

/// <summary>Redis cannot be used now. The message is for the operator: what is wrong and what to do, beginning with a verb; no secret is in it.</summary>
internal sealed class RedisOutageException(string message, Exception? cause = null) : Exception(message, cause);
