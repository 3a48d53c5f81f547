namespace IdentityProvider.Redis.Connections;

/// <summary>Redis cannot be used now. The message is for the operator: what is wrong and what to do, beginning with a verb; no secret is in it.</summary>
internal sealed class RedisOutageException(string message, Exception? cause = null, bool isUnexpected = false) : Exception(message, cause)
{
    /// <summary>Whether the cause is one that is not known here, so that it is logged whole.</summary>
    public bool IsUnexpected => isUnexpected;
}
