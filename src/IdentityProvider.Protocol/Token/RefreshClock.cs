using System.Runtime.InteropServices;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Token;

/// <summary>How long a grant may be refreshed, and how long the token before the last one still counts: RFC 9700 §4.14.2.</summary>
public sealed class RefreshClock(TimeProvider clock, IOptions<ProtocolOptions> options)
{
    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>How long a grant stands that is opened now.</summary>
    /// <param name="client">Its own lifetimes go before the server's; without refresh tokens the grant lives as long as its access token.</param>
    /// <param name="least">The grant stands at least until then.</param>
    public GrantTerm Begin(Client client, DateTimeOffset least)
    {
        ArgumentNullException.ThrowIfNull(client);
        var now = Now;
        var lifetimes = options.Value.Tokens;
        var accessTokenEnd = now + (client.AccessTokenLifetime ?? lifetimes.AccessTokenLifetime);
        var shortest = accessTokenEnd > least ? accessTokenEnd : least;
        if (!client.Allows(GrantTypeNames.RefreshToken))
        {
            return new GrantTerm(now, shortest, shortest);
        }

        var absolute = now + (client.RefreshTokenAbsoluteLifetime ?? lifetimes.RefreshTokenAbsoluteLifetime);
        var idle = now + (client.RefreshTokenIdleLifetime ?? lifetimes.RefreshTokenIdleLifetime);
        var end = idle < absolute ? idle : absolute;
        return new GrantTerm(now, end > shortest ? end : shortest, absolute > shortest ? absolute : shortest);
    }

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

    /// <summary>
    /// Another node's clock may be ahead of ours; a rotation further in the future means that a clock was set back, which must not open the
    /// window again.
    /// </summary>
    public bool IsWithinReuseWindow(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return grant.RotatedAt is { } rotatedAt
            && Now - rotatedAt < options.Value.Tokens.RefreshTokenReuseWindow
            && rotatedAt - Now <= ClockLimits.BetweenNodes;
    }
}

/// <summary>Beginning and ends of a grant: <see cref="Grant.CreatedAt"/>, <see cref="Grant.ExpiresAt"/>, <see cref="Grant.AbsoluteExpiresAt"/>.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct GrantTerm(DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset AbsoluteExpiresAt);
