using IdentityProvider.Protocol.Registration;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>GET</c>, <c>PUT</c> and <c>DELETE /connect/register/{client_id}</c>: RFC 7592 §2.</summary>
internal sealed class ClientConfigurationEndpoint(ClientConfigurationRequestHandler handler, RegistrationAnswers answers)
{
    /// <summary>Name of the route's value.</summary>
    public const string ClientId = "client_id";

    public async Task HandleAsync(HttpContext context)
    {
        var isUpdate = HttpMethods.IsPut(context.Request.Method);
        if (await answers.ReadAsync(context, hasBody: isUpdate) is not { } request)
        {
            return;
        }

        var clientId = (string)context.GetRouteValue(ClientId)!;
        var outcome = isUpdate ? handler.UpdateAsync(clientId, request, context.RequestAborted)
            : HttpMethods.IsDelete(context.Request.Method) ? handler.DeleteAsync(clientId, request, context.RequestAborted)
            : handler.ReadAsync(clientId, request, context.RequestAborted);
        await answers.WriteAsync(context, await outcome);
    }
}
