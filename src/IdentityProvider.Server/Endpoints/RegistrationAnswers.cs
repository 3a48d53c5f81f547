using System.Globalization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Registration;
using IdentityProvider.Protocol.UserInfo;
using IdentityProvider.Server.Logos;

namespace IdentityProvider.Server.Endpoints;

/// <summary>Requests and answers of the two registration endpoints: RFC 7591 §3.2, RFC 7592 §2 and §3, RFC 6750 §3.</summary>
internal sealed class RegistrationAnswers(ClientLogos logos, ILogger<RegistrationAnswers> logger)
{
    private const string Challenge = "Bearer realm=\"registration\"";

    /// <summary>What was sent; null when it was answered here, because it cannot be read.</summary>
    /// <param name="context">The request.</param>
    /// <param name="hasBody">Whether the method brings a document.</param>
    public async Task<RegistrationRequest?> ReadAsync(HttpContext context, bool hasBody)
    {
        var query = FormReading.ReadQuery(context.Request);
        var header = context.Request.Headers.Authorization is { Count: > 0 } values ? values.ToString() : null;
        var token = query.Succeeded ? BearerToken.Find(header, body: null, query.Parameters) : query.Error;
        if (!token.Succeeded)
        {
            await RefuseAsync(context, token.Error, StatusCodes.Status400BadRequest);
            return null;
        }

        ReadOnlyMemory<byte> body = default;
        if (hasBody)
        {
            (body, var status) = await JsonReading.ReadAsync(context.Request, context.RequestAborted);
            if (status is not StatusCodes.Status200OK)
            {
                var error = new OAuthError(
                    ErrorCodes.InvalidClientMetadata, "The request body must be application/json in UTF-8, of at most 64 kB.", "unreadable body");
                await RefuseAsync(context, error, status);
                return null;
            }
        }

        return new RegistrationRequest(body, token.Value.Value, context.Connection.RemoteIpAddress?.ToString());
    }

    public Task WriteAsync(HttpContext context, RegistrationOutcome outcome)
    {
        ProtocolResults.NoStore(context.Response);
        switch (outcome)
        {
            case RegistrationOutcome.Told told:
                // So that the first person who meets the client sees its logo.
                logos.Prepare(told.Response.Client);
                return ProtocolResults.WriteJsonAsync(
                    context.Response,
                    told.IsNew ? StatusCodes.Status201Created : StatusCodes.Status200OK,
                    told.Response,
                    static (json, response) => response.WriteTo(json));
            case RegistrationOutcome.Deleted:
                context.Response.StatusCode = StatusCodes.Status204NoContent;
                return Task.CompletedTask;
            case RegistrationOutcome.Closed:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            case RegistrationOutcome.Unauthorized { Error: null }:
                // RFC 6750 §3.1: without credentials no error code is told.
                context.Response.Headers.WWWAuthenticate = Challenge;
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            case RegistrationOutcome.Unauthorized { Error: { } error }:
                context.Response.Headers.WWWAuthenticate = $"{Challenge}, error=\"{error.Code}\", error_description=\"{error.Description}\"";
                return RefuseAsync(context, error, StatusCodes.Status401Unauthorized);
            case RegistrationOutcome.Forbidden forbidden:
                return RefuseAsync(context, forbidden.Error, StatusCodes.Status403Forbidden);
            case RegistrationOutcome.Limited limited:
                context.Response.Headers.RetryAfter = Math.Ceiling(limited.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
                var limit = new OAuthError(
                    ErrorCodes.TemporarilyUnavailable, "Too many clients are being registered. Try again later.", "limit " + limited.Limit);
                return RefuseAsync(context, limit, StatusCodes.Status429TooManyRequests);
            case RegistrationOutcome.Refused refused:
                return RefuseAsync(context, refused.Error, StatusCodes.Status400BadRequest);
            default:
                throw new InvalidOperationException("an outcome without a branch");
        }
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        Log.RegistrationRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        return ProtocolResults.WriteErrorAsync(context.Response, error, status);
    }
}
