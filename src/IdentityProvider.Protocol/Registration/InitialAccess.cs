using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Registration;

/// <summary>Who may register at all: RFC 7591 §3. With a token nobody is counted, for its uses are; without one every attempt is.</summary>
public sealed class InitialAccess(
    IInitialAccessTokenStore tokens, RegistrationLimits limits, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>What stands in the way; null when the request may be looked at. Spends no use of the token.</summary>
    internal async Task<RegistrationOutcome?> FindObstacleAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        var mode = options.Value.Registration.Mode;
        if (mode is ClientRegistrationMode.Off)
        {
            return new RegistrationOutcome.Closed();
        }

        if (request.Token is { } token)
        {
            // A token that is no good is refused in open mode too: whoever sends one means something by it.
            if (!await tokens.IsUsableAsync(RegistrationTokens.Hash(token), clock.GetUtcNow(), cancellationToken))
            {
                return Refuse();
            }
        }
        else if (mode is ClientRegistrationMode.InitialAccessToken)
        {
            return new RegistrationOutcome.Unauthorized(Error: null);
        }

        return await limits.FindReachedAsync(request.RemoteAddress, countsAddress: request.Token is null, cancellationToken);
    }

    internal static RegistrationOutcome Refuse() => new RegistrationOutcome.Unauthorized(
        OAuthError.InvalidToken("the initial access token is unknown, expired, revoked or used up"));
}
