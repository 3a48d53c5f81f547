namespace IdentityProvider.Protocol.Configuration;

/// <summary>Lifetimes: section <c>IdentityProvider:Tokens</c>. Seconds on the wire and in files (<c>authorization_code_lifetime</c> ...).</summary>
public sealed class TokenOptions
{
    /// <summary>Default 60 seconds; at most 10 minutes (RFC 6749 §4.1.2), 60 seconds for FAPI 2.0.</summary>
    public TimeSpan AuthorizationCodeLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Default 10 minutes; from 1 minute to 24 hours.</summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Default 10 minutes; from 1 minute to 24 hours.</summary>
    public TimeSpan IdTokenLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a refresh token may lie unused. Default 14 days; at most the absolute lifetime.</summary>
    public TimeSpan RefreshTokenIdleLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>How long a grant can be refreshed in all. Default 90 days; at most 400 days.</summary>
    public TimeSpan RefreshTokenAbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long the refresh token before gives the same successor again. Default 10 seconds; 0 switches it off; at most 60 seconds.</summary>
    public TimeSpan RefreshTokenReuseWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a sign-in on our pages may take. Default 60 minutes.</summary>
    public TimeSpan PendingAuthorizationLifetime { get; set; } = TimeSpan.FromMinutes(60);

    /// <summary><c>ttl</c> of status lists: how soon a withdrawn token is refused by those who poll. Default 10 seconds; from 1 second to 1 hour.</summary>
    public TimeSpan StatusListTtl { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Allowed difference of clocks for assertions made by clients. Default 30 seconds; at most 60 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
        if (!Within(AuthorizationCodeLifetime, TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)))
        {
            yield return "Tokens:authorization_code_lifetime must be from 5 to 600 seconds (RFC 6749 §4.1.2).";
        }

        if (!Within(AccessTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)))
        {
            yield return "Tokens:access_token_lifetime must be from 60 to 86400 seconds.";
        }

        if (!Within(IdTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)))
        {
            yield return "Tokens:id_token_lifetime must be from 60 to 86400 seconds.";
        }

        if (!Within(RefreshTokenAbsoluteLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(400)))
        {
            yield return "Tokens:refresh_token_absolute_lifetime must be from 60 seconds to 400 days.";
        }

        if (!Within(RefreshTokenIdleLifetime, TimeSpan.FromMinutes(1), RefreshTokenAbsoluteLifetime))
        {
            yield return "Tokens:refresh_token_idle_lifetime must be from 60 seconds to refresh_token_absolute_lifetime.";
        }

        if (!Within(RefreshTokenReuseWindow, TimeSpan.Zero, TimeSpan.FromSeconds(60)))
        {
            yield return "Tokens:refresh_token_reuse_window must be from 0 to 60 seconds.";
        }

        if (!Within(PendingAuthorizationLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)))
        {
            yield return "Tokens:pending_authorization_lifetime must be from 60 to 86400 seconds.";
        }

        if (!Within(StatusListTtl, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)))
        {
            yield return "Tokens:status_list_ttl must be from 1 to 3600 seconds.";
        }

        if (!Within(ClockSkew, TimeSpan.Zero, TimeSpan.FromSeconds(60)))
        {
            yield return "Tokens:clock_skew must be from 0 to 60 seconds.";
        }
    }
}
