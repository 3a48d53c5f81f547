using IdentityProvider.Protocol.Registration;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>POST /connect/register</c>: RFC 7591 §3, OIDC Registration §3.</summary>
internal sealed class RegistrationEndpoint(RegistrationRequestHandler handler, RegistrationAnswers answers)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (await answers.ReadAsync(context, hasBody: true) is { } request)
        {
            await answers.WriteAsync(context, await handler.HandleAsync(request, context.RequestAborted));
        }
    }
}
