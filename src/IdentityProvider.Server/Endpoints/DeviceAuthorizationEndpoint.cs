using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>POST /connect/deviceauthorization</c>: RFC 8628 §3.1 and §3.2.</summary>
internal sealed class DeviceAuthorizationEndpoint(DeviceAuthorizationRequestHandler handler, ILogger<DeviceAuthorizationEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await FormReading.ReadFormAsync(context.Request, context.RequestAborted);
        if (!request.Succeeded)
        {
            await RefuseAsync(context, request.Error, request.Status);
            return;
        }

        var response = await handler.HandleAsync(
            FormReading.Credentials(context.Request, request.Parameters),
            context.Connection.RemoteIpAddress?.ToString(),
            context.RequestAborted);
        if (!response.Succeeded)
        {
            await RefuseAsync(context, response.Error, ProtocolResults.StatusOf(response.Error));
            return;
        }

        await ProtocolResults.WriteJsonAsync(context.Response, StatusCodes.Status200OK, response.Value, static (json, response) =>
        {
            json.WriteStartObject();
            json.WriteString(ParameterNames.DeviceCode, response.DeviceCode);
            json.WriteString(ParameterNames.UserCode, response.UserCode);
            json.WriteString(ParameterNames.VerificationUri, response.VerificationUri);
            json.WriteString(ParameterNames.VerificationUriComplete, response.VerificationUriComplete);
            json.WriteNumber(ParameterNames.ExpiresIn, (long)response.ExpiresIn.TotalSeconds);
            json.WriteNumber(ParameterNames.Interval, (long)response.Interval.TotalSeconds);
            json.WriteEndObject();
        });
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        Log.DeviceAuthorizationRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        return ProtocolResults.WriteErrorAsync(context.Response, error, status);
    }
}
