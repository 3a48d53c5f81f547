namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>A successful device authorization response: RFC 8628 §3.2.</summary>
public sealed record DeviceAuthorizationResponse
{
    public required string DeviceCode { get; init; }

    /// <summary>As it is shown to the person, in two groups.</summary>
    public required string UserCode { get; init; }

    public required string VerificationUri { get; init; }

    /// <summary>With the user code in it, for a QR code or a link (§3.3.1).</summary>
    public required string VerificationUriComplete { get; init; }

    /// <summary>Lifetime of both codes; whole seconds on the wire.</summary>
    public required TimeSpan ExpiresIn { get; init; }

    /// <summary>Shortest time between two polls; whole seconds on the wire, always told.</summary>
    public required TimeSpan Interval { get; init; }
}
