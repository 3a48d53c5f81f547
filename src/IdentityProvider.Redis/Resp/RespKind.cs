namespace IdentityProvider.Redis.Resp;

/// <summary>Kinds of replies in the Redis serialization protocol, version 2.</summary>
internal enum RespKind
{
    /// <summary>A short line, such as <c>OK</c>.</summary>
    Text,

    /// <summary>A line that begins with a code in capitals.</summary>
    Error,

    Integer,

    /// <summary>Any bytes.</summary>
    Bulk,

    /// <summary>A bulk or an array that is none.</summary>
    Null,

    Array,
}
