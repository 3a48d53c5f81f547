using System.Data.Common;

namespace IdentityProvider.Storage;

/// <summary>More writes wait than we are willing to queue: the request is refused at once instead of waiting without end. Nothing was written.</summary>
public sealed class StorageOverloadedException : DbException
{
    public StorageOverloadedException()
        : base("too many writes are waiting for the database")
    {
    }

    public StorageOverloadedException(string message)
        : base(message)
    {
    }

    public StorageOverloadedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    public override bool IsTransient => true;
}
