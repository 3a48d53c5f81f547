using System.Text;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Sessions;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// <c>GET</c> and <c>POST /connect/authorize</c>: RFC 6749 §3.1, OIDC Core §3.1.2. A request that returns from one of our pages bears
/// <c>idp_flow</c> instead of parameters of its own.
/// </summary>
internal sealed class AuthorizationEndpoint(
    AuthorizationRequestHandler handler,
    PendingAuthorizations pendings,
    BrowserSession sessions,
    FlowCookie flows,
    IOptions<ProtocolOptions> options,
    ILogger<AuthorizationEndpoint> logger)
{
    /// <summary>Ours: the sealed <see cref="PendingAuthorization"/> of a request that returns from a page.</summary>
    private const string Flow = "idp_flow";

    public async Task HandleAsync(HttpContext context)
    {
        ProtocolResults.NoStore(context.Response);
        var request = await FormReading.ReadAsync(context.Request, context.RequestAborted);
        if (!request.Succeeded)
        {
            await RefuseAsync(context, request.Error, request.Status);
            return;
        }

        PendingAuthorization? pending = null;
        if (request.Parameters[Flow] is { } flow)
        {
            pending = pendings.Open(flow);
            if (pending is null || !flows.Matches(context, pending))
            {
                var errorId = ErrorId.Create();
                Log.AuthorizationRefused(
                    logger, errorId, ErrorCodes.InvalidRequest, new LogText("a flow that is forged, too old, answered, or of another browser"));
                await ErrorPage.StartAgain(errorId).ExecuteAsync(context);
                return;
            }
        }

        var parameters = pending is null ? request.Parameters : RequestParameters.Parse(pending.Parameters);
        var session = await sessions.ReadAsync(context, context.RequestAborted);
        switch (await handler.HandleAsync(parameters, session, pending, context.RequestAborted))
        {
            case AuthorizationOutcome.Refuse refuse:
                await RefuseAsync(context, refuse.Error, StatusCodes.Status400BadRequest);
                break;
            case AuthorizationOutcome.Interact interact:
                Interact(context, interact);
                break;
            case AuthorizationOutcome.Warn warn:
                await WarnAsync(context, warn);
                break;
            case AuthorizationOutcome.Respond respond:
                await RespondAsync(context, WithSessionState(context, respond, session), pending);
                break;
            default:
                throw new InvalidOperationException("an outcome without a branch");
        }
    }

    /// <summary>Session Management §2: successful authentication responses bear <c>session_state</c>.</summary>
    private AuthorizationOutcome.Respond WithSessionState(
        HttpContext context, AuthorizationOutcome.Respond respond, Session? session) =>
        respond.SessionClientId is { } clientId
            && session is not null
            && sessions.NewSessionState(context, session, clientId, respond.RedirectUri) is { } state
            ? respond with { Parameters = [.. respond.Parameters, new(ParameterNames.SessionState, state)] }
            : respond;

    private void Interact(HttpContext context, AuthorizationOutcome.Interact interact)
    {
        var pending = interact.Pending;
        if (pending.BrowserBinding.Length == 0)
        {
            pending = pending with { BrowserBinding = flows.Start(context, pending.Id) };
        }

        SeeOther(context, options.Value.AddressOf(interact.Page) + "?flow=" + pendings.Seal(pending));
    }

    private Task RespondAsync(HttpContext context, AuthorizationOutcome.Respond respond, PendingAuthorization? pending)
    {
        if (respond.Error is { } error)
        {
            Log.AuthorizationRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        }

        if (pending is not null)
        {
            flows.Finish(context, pending.Id);
        }

        if (respond.ResponseMode is ResponseModes.FormPost)
        {
            return FormPostPage.WriteAsync(context, respond.RedirectUri, respond.Parameters);
        }

        SeeOther(context, AddressOf(respond));
        return Task.CompletedTask;
    }

    /// <summary>The person decides whether the browser goes on to a site that nobody here knows.</summary>
    private Task WarnAsync(HttpContext context, AuthorizationOutcome.Warn warn)
    {
        var error = warn.Response.Error!;
        Log.AuthorizationRefused(logger, ErrorId.Create(), error.Code, new LogText(error.Detail));
        var destination = new Uri(warn.Response.RedirectUri, UriKind.Absolute);
        var byForm = warn.Response.ResponseMode is ResponseModes.FormPost;
        var model = new LeavingModel(
            warn.Client,
            destination.IdnHost is { Length: > 0 } host ? host : destination.Scheme,
            byForm ? warn.Response.RedirectUri : AddressOf(warn.Response),
            byForm ? warn.Response.Parameters : null);
        return new ViewPage<LeavingModel>("_Leaving", model, StatusCodes.Status400BadRequest, destination).ExecuteAsync(context);
    }

    private static string AddressOf(AuthorizationOutcome.Respond respond)
    {
        var separator = respond.ResponseMode is ResponseModes.Fragment ? '#' : respond.RedirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return respond.RedirectUri + separator + Encode(respond.Parameters);
    }

    /// <summary>RFC 6749 §4.1.2 and Appendix B: form-encoded, in the query or the fragment.</summary>
    private static string Encode(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        // QueryBuilder writes a leading question mark.
        var text = new StringBuilder(new QueryBuilder(parameters).ToString());
        return text.Remove(0, 1).ToString();
    }

    /// <summary>303 and never 307, which would send a posted password on (RFC 9700 §4.12).</summary>
    private static void SeeOther(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = location;
    }

    private Task RefuseAsync(HttpContext context, OAuthError error, int status)
    {
        var errorId = ErrorId.Create();
        Log.AuthorizationRefused(logger, errorId, error.Code, new LogText(error.Detail));
        return (status == StatusCodes.Status400BadRequest
            ? ErrorPage.Refused(error, errorId)
            : ErrorPage.Result(status, "Error.Refused", error.Description, errorId)).ExecuteAsync(context);
    }
}
