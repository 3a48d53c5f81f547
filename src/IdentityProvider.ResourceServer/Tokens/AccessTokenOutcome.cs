using System.Text.Json;

namespace IdentityProvider.ResourceServer.Tokens;

/// <summary>What became of validating an access token. Reasons are for our log, never for the client.</summary>
internal abstract record AccessTokenOutcome
{
    public sealed record Accepted(JsonElement Claims) : AccessTokenOutcome;

    /// <summary>The token is at fault: 401 <c>invalid_token</c>.</summary>
    public sealed record Refused(string Reason) : AccessTokenOutcome;

    /// <summary>The issuer could not be asked, so nothing is known of the token: 503.</summary>
    public sealed record Undecided(string Reason) : AccessTokenOutcome;
}
