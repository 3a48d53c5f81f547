using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Registration;

/// <summary>What the registration and client configuration endpoints answer: RFC 7591 §3.2, RFC 7592 §2 and §3.</summary>
public abstract record RegistrationOutcome
{
    private RegistrationOutcome()
    {
    }

    /// <summary>Nobody registers clients here.</summary>
    public sealed record Closed : RegistrationOutcome;

    /// <summary>A token is missing (<paramref name="Error"/> is null) or not good for this: RFC 6750 §3.1.</summary>
    public sealed record Unauthorized(OAuthError? Error) : RegistrationOutcome;

    /// <summary>The token is the client's, and the client is disabled: RFC 7592 §2.</summary>
    public sealed record Forbidden(OAuthError Error) : RegistrationOutcome;

    /// <summary>Too many registrations.</summary>
    /// <param name="Limit">For the log.</param>
    /// <param name="RetryAfter">When to come back.</param>
    public sealed record Limited(string Limit, TimeSpan RetryAfter) : RegistrationOutcome;

    public sealed record Refused(OAuthError Error) : RegistrationOutcome;

    /// <summary>A new client, or one that was read or updated.</summary>
    public sealed record Told(ClientInformationResponse Response, bool IsNew) : RegistrationOutcome;

    public sealed record Deleted : RegistrationOutcome;
}
