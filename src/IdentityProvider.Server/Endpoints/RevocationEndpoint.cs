using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Revocation;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>POST /connect/revoke</c>: RFC 7009.</summary>
internal sealed class RevocationEndpoint(RevocationRequestHandler handler, ILogger<RevocationEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var request = await FormReading.ReadFormAsync(context.Request, context.RequestAborted);
        if (!request.Succeeded)
        {
            await RefuseAsync(context, request.Error, request.Status);
            return;
        }

        var error = await handler.HandleAsync(FormReading.Credentials(context.Request, request.Parameters), context.RequestAborted);
        if (error is not null)
        {
            await RefuseAsync(context, error, ProtocolResults.StatusOf(error));
            return;
        }

        // RFC 7009 §2.2: the status says it all.
        ProtocolResults.NoStore(context.Response);
        context.Response.StatusCode = StatusCodes.Status200OK;
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        Log.RevocationRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        return ProtocolResults.WriteErrorAsync(context.Response, error, status);
    }
}
