using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.UserInfo;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>GET</c> and <c>POST /connect/userinfo</c>: OIDC Core §5.3, RFC 6750.</summary>
internal sealed class UserInfoEndpoint(UserInfoRequestHandler handler, ILogger<UserInfoEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var token = await ReadTokenAsync(context.Request, context.RequestAborted);
        if (!token.Succeeded)
        {
            await RefuseAsync(context, token.Error);
            return;
        }

        if (token.Value.Value is not { } accessToken)
        {
            // RFC 6750 §3.1: without credentials no error code is told.
            ProtocolResults.NoStore(context.Response);
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = BearerChallenge.Plain;
            return;
        }

        var response = await handler.HandleAsync(accessToken, context.RequestAborted);
        if (!response.Succeeded)
        {
            await RefuseAsync(context, response.Error);
            return;
        }

        await ProtocolResults.WriteJsonAsync(
            context.Response, StatusCodes.Status200OK, response.Value, static (json, response) => response.WriteTo(json));
    }

    private static async ValueTask<Result<BearerToken>> ReadTokenAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var query = FormReading.ReadQuery(request);
        if (!query.Succeeded)
        {
            return query.Error;
        }

        var header = request.Headers.Authorization is { Count: > 0 } values ? values.ToString() : null;
        if (!HttpMethods.IsPost(request.Method) || !FormReading.HasForm(request))
        {
            return BearerToken.Find(header, body: null, query.Parameters);
        }

        var form = await FormReading.ReadFormAsync(request, cancellationToken);
        return form.Succeeded ? BearerToken.Find(header, form.Parameters, query.Parameters) : form.Error;
    }

    private Task RefuseAsync(HttpContext context, OAuthError error)
    {
        Log.UserInfoRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        context.Response.Headers.WWWAuthenticate = BearerChallenge.Of(error);
        return ProtocolResults.WriteErrorAsync(context.Response, error, BearerChallenge.StatusOf(error));
    }
}
