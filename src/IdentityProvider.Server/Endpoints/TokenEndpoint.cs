using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Token;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>POST /connect/token</c>: RFC 6749 §3.2.</summary>
internal sealed class TokenEndpoint(TokenRequestHandler handler, ILogger<TokenEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await FormReading.ReadFormAsync(context.Request, context.RequestAborted);
        if (!request.Succeeded)
        {
            await RefuseAsync(context, request.Error, request.Status);
            return;
        }

        var response = await handler.HandleAsync(FormReading.Credentials(context.Request, request.Parameters), context.RequestAborted);
        if (!response.Succeeded)
        {
            await RefuseAsync(context, response.Error, ProtocolResults.StatusOf(response.Error));
            return;
        }

        await ProtocolResults.WriteJsonAsync(context.Response, StatusCodes.Status200OK, response.Value, static (json, response) =>
        {
            json.WriteStartObject();
            json.WriteString(ParameterNames.AccessToken, response.AccessToken);
            json.WriteString(ParameterNames.TokenType, response.TokenType);
            json.WriteNumber(ParameterNames.ExpiresIn, (long)response.ExpiresIn.TotalSeconds);
            if (response.RefreshToken is { } refreshToken)
            {
                json.WriteString(ParameterNames.RefreshToken, refreshToken);
            }

            if (response.IdToken is { } idToken)
            {
                json.WriteString(ParameterNames.IdToken, idToken);
            }

            json.WriteString(ParameterNames.Scope, response.Scope.ToString());
            json.WriteEndObject();
        });
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        if (error.Code is ErrorCodes.AuthorizationPending)
        {
            // Nothing went wrong, and it comes from every waiting device every few seconds.
            Log.TokenPending(logger);
        }
        else
        {
            Log.TokenRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        }

        return ProtocolResults.WriteErrorAsync(context.Response, error, status);
    }
}
