using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>A device that waits for its person: RFC 8628 §3.1 to §3.5.</summary>
public sealed record WaitingDevice
{
    /// <summary>A version 7 UUID; the device code is this id under a MAC, and the grant that comes of it bears it too.</summary>
    public required Guid Id { get; init; }

    public required string ClientId { get; init; }

    /// <summary>What the device asked for.</summary>
    public required ScopeSet Scope { get; init; }

    /// <summary>Resource indicators of the request (RFC 8707 §2.1); empty when none were sent.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How long the device waits between two polls; grows with each <c>slow_down</c> (§3.5).</summary>
    public required TimeSpan Interval { get; init; }

    /// <summary>Where the request came from; shown to the person (§5.4).</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Null until the person decides.</summary>
    public DeviceDecision? Decision { get; init; }

    public bool IsPending(DateTimeOffset now) => Decision is null && now < ExpiresAt;
}

/// <summary>What the person decided.</summary>
public abstract record DeviceDecision
{
    private DeviceDecision()
    {
    }

    public sealed record Denied : DeviceDecision;

    /// <summary>Approved, in this session.</summary>
    public sealed record Approved : DeviceDecision
    {
        /// <summary>The account's id, never a pairwise subject.</summary>
        public required string Subject { get; init; }

        public required Guid SessionId { get; init; }

        /// <summary>What was shown and allowed.</summary>
        public required ScopeSet Scope { get; init; }

        public required DateTimeOffset AuthTime { get; init; }

        public string? Acr { get; init; }

        public IReadOnlyList<string> Amr { get; init; } = [];
    }
}
