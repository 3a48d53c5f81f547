using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.EndSession;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Sessions;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>GET</c> and <c>POST /connect/endsession</c>: RP-Initiated Logout.</summary>
internal sealed class EndSessionEndpoint(
    EndSessionRequestHandler handler, PendingSignOuts pendings, BrowserSession browser, SignOutAnswer signOut, ILogger<EndSessionEndpoint> logger)
{
    /// <summary>Ours: the sealed request of a browser that was sent here once more.</summary>
    private const string Resumed = "idp_resumed";

    public async Task HandleAsync(HttpContext context)
    {
        ProtocolResults.NoStore(context.Response);
        var request = await FormReading.ReadAsync(context.Request, context.RequestAborted);
        if (!request.Succeeded)
        {
            await RefuseAsync(context, request.Error, request.Status);
            return;
        }

        var session = await browser.ReadAsync(context, context.RequestAborted);
        var outcome = Decide(context.Request, request.Parameters, session);
        switch (outcome)
        {
            case EndSessionOutcome.Refuse refuse:
                await RefuseAsync(context, refuse.Error, StatusCodes.Status400BadRequest);
                break;
            case EndSessionOutcome.ComeBack comeBack:
                ProtocolResults.SeeOther(context, $"{EndpointPaths.EndSession}?{Resumed}={pendings.Seal(comeBack.Pending)}");
                break;
            case EndSessionOutcome.Ask ask:
                LogDoubt(ask.Problem);
                ProtocolResults.SeeOther(context, $"{EndpointPaths.SignOut}?{PageParameters.SignOut}={pendings.Seal(ask.Pending)}");
                break;
            case EndSessionOutcome.End end:
                await (await signOut.SignOutAsync(context, end.ReturnAddress)).ExecuteAsync(context);
                break;
            default:
                throw new InvalidOperationException("an outcome without a branch");
        }
    }

    private EndSessionOutcome Decide(HttpRequest request, RequestParameters parameters, Session? session)
    {
        var isPost = HttpMethods.IsPost(request.Method);
        return !isPost && pendings.Open(parameters[Resumed]) is { } pending
            ? handler.Continue(pending, session)
            : handler.Handle(parameters, session, cookieMayBeWithheld: isPost);
    }

    private void LogDoubt(OAuthError? problem)
    {
        if (problem is not null)
        {
            Log.EndSessionDoubted(logger, ErrorId.Create(), problem.Code, new LogText(problem.Detail));
        }
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        var errorId = ErrorId.Create();
        Log.EndSessionRefused(logger, errorId, error.Code, new LogText(error.Detail));
        return ErrorPage.Result(status, "Error.Refused", error.Description, errorId).ExecuteAsync(context);
    }
}
