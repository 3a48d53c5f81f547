using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.UserInfo;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>GET</c> and <c>POST /connect/userinfo</c>: OIDC Core §5.3, RFC 6750.</summary>
internal sealed class UserInfoEndpoint(UserInfoRequestHandler handler, ILogger<UserInfoEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        var query = FormReading.ReadQuery(context.Request);
        var form = await ReadFormAsync(context.Request, context.RequestAborted);
        if (!query.Succeeded || form is { Succeeded: false })
        {
            var unreadable = query.Succeeded ? form! : query;
            await RefuseAsync(context, unreadable.Error!, unreadable.Status);
            return;
        }

        var header = context.Request.Headers.Authorization is { Count: > 0 } values ? values.ToString() : null;
        var token = BearerToken.Find(header, form?.Parameters, query.Parameters);
        if (!token.Succeeded)
        {
            await RefuseAsync(context, token.Error, StatusCodes.Status400BadRequest);
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
            await RefuseAsync(context, response.Error, BearerChallenge.StatusOf(response.Error));
            return;
        }

        if (response.Value.Signed is { } jwt)
        {
            await ProtocolResults.WriteJwtAsync(context.Response, jwt);
            return;
        }

        await ProtocolResults.WriteJsonAsync(
            context.Response, StatusCodes.Status200OK, response.Value, static (json, response) => response.WriteTo(json));
    }

    /// <summary>Null for a GET, and for a POST whose body is no form: what it holds is nobody's business here.</summary>
    private static async ValueTask<RequestReading?> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken) =>
        HttpMethods.IsPost(request.Method) && FormReading.HasForm(request) ? await FormReading.ReadFormAsync(request, cancellationToken) : null;

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        Log.UserInfoRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        context.Response.Headers.WWWAuthenticate = BearerChallenge.Of(error);
        return ProtocolResults.WriteErrorAsync(context.Response, error, status);
    }
}
