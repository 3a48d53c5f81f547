using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Pages;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// The one exception handler. What a client caused (a body that cannot be read) keeps its status; a database that does not answer is
/// <c>temporarily_unavailable</c>; everything else is <c>server_error</c>. JSON where programs call, a page where people look; the error id
/// ties the answer to the log line.
/// </summary>
internal sealed class Faults(RequestDelegate next, Outages outages, ILogger<Faults> logger)
{
    /// <summary>Under <c>/connect</c>, but opened by a browser.</summary>
    private static readonly string[] FrontChannel = [EndpointPaths.Authorize, EndpointPaths.EndSession];

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
            Abandon(context);
        }
        catch (BadHttpRequestException exception)
        {
            var error = OAuthError.InvalidRequest("The request could not be read.", exception.Message);
            Log.RequestUnreadable(logger, context.Request.Path, new LogText(exception.Message));
            await AnswerAsync(context, exception.StatusCode, error, ErrorId.Create());
        }
        catch (Exception exception)
        {
            var errorId = ErrorId.Create();
            var isOutage = DatabaseOutage.Is(exception);
            if (isOutage)
            {
                outages.Note();
                Log.DatabaseUnavailable(logger, exception, errorId, context.Request.Path);
                context.Response.Headers.RetryAfter = "5";
            }
            else
            {
                Log.RequestFailed(logger, exception, errorId, context.Request.Method, context.Request.Path);
            }

            var error = isOutage
                ? new OAuthError(ErrorCodes.TemporarilyUnavailable, $"The server cannot answer now; try again soon. Error id: {errorId}", string.Empty)
                : new OAuthError(ErrorCodes.ServerError, $"The server failed. Error id: {errorId}", string.Empty);
            var status = isOutage ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status500InternalServerError;
            await AnswerAsync(context, status, error, errorId);
        }
    }

    private static async Task AnswerAsync(HttpContext context, int status, OAuthError error, string errorId)
    {
        if (context.Response.HasStarted)
        {
            // Half an answer cannot become another one; the connection ends so that nobody takes it for a whole one.
            Abandon(context);
            return;
        }

        Forget(context.Response);
        if (IsForPrograms(context.Request.Path))
        {
            await ProtocolResults.WriteErrorAsync(context.Response, error, status);
            return;
        }

        try
        {
            await ErrorPage.Fault(status, errorId).ExecuteAsync(context);
        }
        catch (Exception) when (!context.Response.HasStarted)
        {
            // What broke the request broke the page as well.
            await FaultPage.WriteAsync(context.Response, status, errorId);
        }
    }

    /// <summary>Takes back what the failed endpoint had said; headers that hold for every answer stay.</summary>
    private static void Forget(HttpResponse response)
    {
        response.ContentLength = null;
        response.ContentType = null;
        response.Headers.ETag = default;
        response.Headers.Location = default;
        response.Headers.SetCookie = default;
        response.Headers.WWWAuthenticate = default;
    }

    private static bool IsForPrograms(PathString path) =>
        (path.StartsWithSegments("/connect", StringComparison.Ordinal) || path.StartsWithSegments("/.well-known", StringComparison.Ordinal))
        && !FrontChannel.Any(page => path.Equals(page, StringComparison.Ordinal));

    private static void Abandon(HttpContext context)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
    }
}
