using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Token;

/// <summary>How long a grant may be refreshed, and how long the token before the last one still counts: RFC 9700 §4.14.2.</summary>
public sealed class RefreshClock(TimeProvider clock, IOptions<ProtocolOptions> options)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>The sliding end after a rotation now: never before the access token that is issued with it, never past the absolute end.</summary>
    public DateTimeOffset NewEnd(Grant grant, Client client)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(client);
        var idle = client.RefreshTokenIdleLifetime ?? options.Value.Tokens.RefreshTokenIdleLifetime;
        var accessToken = client.AccessTokenLifetime ?? options.Value.Tokens.AccessTokenLifetime;
        var end = Now + (idle > accessToken ? idle : accessToken);
        return end < grant.AbsoluteExpiresAt ? end : grant.AbsoluteExpiresAt;
    }

    public bool IsWithinReuseWindow(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return grant.RotatedAt is { } rotatedAt && Now - rotatedAt < options.Value.Tokens.RefreshTokenReuseWindow;
    }
}
