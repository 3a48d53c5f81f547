using IdentityProvider.Server.Endpoints;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Core.Infrastructure;
using Microsoft.AspNetCore.Mvc.Filters;

namespace IdentityProvider.Server.Pages;

/// <summary>
/// Forms are taken from our own pages only: first by what the browser says of the sender (Fetch Metadata, Origin), then by the antiforgery
/// token. Both are answered 403 with a page, and nothing has happened. What is no form, or too large for one of ours, is not read at all.
/// </summary>
internal sealed class FormFilter(ILogger<FormFilter> logger) : IAsyncAuthorizationFilter, IAlwaysRunResultFilter, IOrderedFilter
{
    /// <summary>Bytes; like the protocol endpoints.</summary>
    private const long MaxBody = 64 * 1024;

    /// <summary>Before the antiforgery filter, which stands at 1000.</summary>
    public int Order => 0;

    public async Task OnAuthorizationAsync(AuthorizationFilterContext context)
    {
        var request = context.HttpContext.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        {
            return;
        }

        if (!IsFromHere(request))
        {
            var errorId = ErrorId.Create();
            Log.CrossSiteRefused(
                logger,
                errorId,
                request.Path,
                new LogText(request.Headers["Sec-Fetch-Site"].ToString()),
                new LogText(request.Headers.Origin.ToString()));
            context.Result = new PageAnswer(ErrorPage.CrossSite(errorId));
        }
        else if (await FindProblemAsync(request) is { } status)
        {
            var errorId = ErrorId.Create();
            Log.FormUnreadable(logger, errorId, request.Path, status);
            context.Result = new PageAnswer(ErrorPage.Unreadable(status, errorId));
        }
    }

    public void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is IAntiforgeryValidationFailedResult)
        {
            var errorId = ErrorId.Create();
            Log.ForgeryRefused(logger, errorId, context.HttpContext.Request.Path);
            context.Result = new PageAnswer(ErrorPage.CrossSite(errorId));
        }
    }

    public void OnResultExecuted(ResultExecutedContext context)
    {
    }

    private static bool IsFromHere(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..])
        {
            return string.Equals(site, "same-origin", StringComparison.Ordinal);
        }

        // Our pages send no referrer, and for those browsers write the origin "null": then the token alone decides.
        return request.Headers.Origin is not [{ } origin, ..]
            || string.Equals(origin, "null", StringComparison.Ordinal)
            || string.Equals(origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Reads the form, or says the status with which it is refused.</summary>
    private static async Task<int?> FindProblemAsync(HttpRequest request)
    {
        if (!string.Equals(request.ContentType?.Split(';')[0].Trim(), "application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            return StatusCodes.Status415UnsupportedMediaType;
        }

        if (request.ContentLength > MaxBody)
        {
            return StatusCodes.Status413PayloadTooLarge;
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxBody;
        }

        try
        {
            await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return null;
        }
        catch (BadHttpRequestException exception)
        {
            return exception.StatusCode;
        }
        catch (Exception exception) when (exception is InvalidDataException or InvalidOperationException)
        {
            // Too many fields, a NUL, or bytes that are no text.
            return StatusCodes.Status400BadRequest;
        }
    }
}
