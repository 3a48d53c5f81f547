using System.Security.Claims;
using System.Text.Encodings.Web;
using IdentityProvider.ResourceServer.Authorization;
using IdentityProvider.ResourceServer.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.ResourceServer.Bearer;

/// <summary>Bearer token usage (RFC 6750) for ASP.NET: reads the token, has it validated, writes the challenges.</summary>
internal sealed class BearerHandler(
    IOptionsMonitor<ResourceServerOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    AccessTokenValidators validators) : AuthenticationHandler<ResourceServerOptions>(options, loggers, encoder)
{
    /// <summary>How long a client should wait when the issuer is out of reach.</summary>
    private const string RetryAfterSeconds = "5";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        switch (await BearerCredentials.ReadAsync(Request, Context.RequestAborted))
        {
            case BearerCredentials.Token token:
                return await ValidateAsync(token.Value);
            case BearerCredentials.Malformed malformed:
                Log.RequestRefused(Logger, malformed.Description);
                return AuthenticateResult.Fail(BearerFailure.InvalidRequest(malformed.Description));
            default:
                return AuthenticateResult.NoResult();
        }
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        if (result.Failure is not BearerFailure failure)
        {
            Challenge(StatusCodes.Status401Unauthorized, BearerChallenge.Plain(Options.Audience));
        }
        else if (failure.Error is { } error)
        {
            Challenge(failure.StatusCode, BearerChallenge.Error(Options.Audience, error, failure.Message));
        }
        else
        {
            Response.StatusCode = failure.StatusCode;
            Response.Headers.RetryAfter = RetryAfterSeconds;
        }
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        var refused = Context.Features.Get<RefusedRequirements>();
        if (refused?.Scope is { } scope)
        {
            Challenge(StatusCodes.Status403Forbidden, BearerChallenge.InsufficientScope(Options.Audience, scope));
        }
        else if (refused?.UserAuthentication is { } authentication)
        {
            Challenge(
                StatusCodes.Status401Unauthorized,
                BearerChallenge.InsufficientUserAuthentication(Options.Audience, authentication));
        }
        else
        {
            // A rule of the application's own; a token with more scope would not help.
            Response.StatusCode = StatusCodes.Status403Forbidden;
        }

        return Task.CompletedTask;
    }

    private async Task<AuthenticateResult> ValidateAsync(string token)
    {
        switch (await validators.For(Scheme.Name).ValidateAsync(token, Context.RequestAborted))
        {
            case AccessTokenOutcome.Accepted accepted:
                var principal = new ClaimsPrincipal(AccessTokenIdentity.Create(accepted.Claims, Scheme.Name));
                return AuthenticateResult.Success(new AuthenticationTicket(principal, Scheme.Name));
            case AccessTokenOutcome.Undecided undecided:
                Log.TokenUndecided(Logger, undecided.Reason);
                return AuthenticateResult.Fail(BearerFailure.IssuerUnavailable);
            case AccessTokenOutcome.Refused refused:
                Log.TokenRefused(Logger, refused.Reason);
                return AuthenticateResult.Fail(BearerFailure.InvalidToken);
            default:
                throw new InvalidOperationException("Unknown outcome of a validation.");
        }
    }

    private void Challenge(int statusCode, string challenge)
    {
        Response.StatusCode = statusCode;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, challenge);
    }
}
