using IdentityProvider.Protocol.Introspection;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>POST /connect/introspect</c>: RFC 7662.</summary>
internal sealed class IntrospectionEndpoint(IntrospectionRequestHandler handler, ILogger<IntrospectionEndpoint> logger)
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

        await ProtocolResults.WriteJsonAsync(
            context.Response, StatusCodes.Status200OK, response.Value, static (json, response) => response.WriteTo(json));
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        Log.IntrospectionRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        return ProtocolResults.WriteErrorAsync(context.Response, error, status);
    }
}
