namespace IdentityProvider.Protocol.Keys;

/// <summary>Why the server cannot work with its keys. The message is for the operator: what is wrong and what to do; it holds no secret.</summary>
public sealed class KeyRingException : Exception
{
    public KeyRingException()
    {
    }

    public KeyRingException(string message)
        : base(message)
    {
    }

    public KeyRingException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
