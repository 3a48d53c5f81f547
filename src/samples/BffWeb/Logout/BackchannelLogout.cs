using BffWeb.Sessions;
using BffWeb.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace BffWeb.Logout;

/// <summary>The identity provider says that someone has signed out: Back-Channel Logout §2.5 to §2.8.</summary>
internal static class BackchannelLogout
{
    public static void MapBackchannelLogout(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/bff/backchannel-logout", HandleAsync).DisableAntiforgery();

    private static async Task<IResult> HandleAsync(
        [FromForm(Name = "logout_token")] string? token, LogoutTokenReader tokens, SessionStore sessions, CancellationToken cancellationToken)
    {
        try
        {
            if (await tokens.ReadAsync(token ?? "", cancellationToken) is not { } logout)
            {
                return Results.Json(new { error = "invalid_request" }, statusCode: StatusCodes.Status400BadRequest);
            }

            sessions.End(logout.SessionId, logout.Subject);
            return Results.Ok();
        }
        catch (Exception exception) when (exception is IssuerUnavailableException or HttpRequestException)
        {
            // Its keys cannot be had now: it will try again.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
