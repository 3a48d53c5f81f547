namespace IdentityProvider.Redis.Resp;

/// <summary>What came is no reply of Redis, or larger than any that we ask for. The connection is of no use any more.</summary>
internal sealed class RespFormatException(string message) : Exception(message);
