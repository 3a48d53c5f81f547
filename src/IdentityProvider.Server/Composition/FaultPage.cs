using System.Text.Encodings.Web;
using IdentityProvider.Server.Endpoints;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// The words for our own faults, and a page of plain HTML for the case that the error page cannot be shown: it must be there when nothing
/// else is.
/// </summary>
internal static class FaultPage
{
    public static string TitleOf(int status) => status switch
    {
        StatusCodes.Status503ServiceUnavailable => "We cannot answer right now",
        >= StatusCodes.Status500InternalServerError => "Something went wrong on our side",
        _ => "We could not read that request",
    };

    public static string ExplanationOf(int status) => status is StatusCodes.Status503ServiceUnavailable
        ? "Please try again in a moment."
        : "Please go back to the application and start again.";

    public static Task WriteAsync(HttpResponse response, int status, string errorId)
    {
        ProtocolResults.NoStore(response);
        var headers = response.Headers;
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        return response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{TitleOf(status)}</title>
            </head>
            <body>
            <main>
            <h1>{TitleOf(status)}</h1>
            <p>{ExplanationOf(status)}</p>
            <p>Error id: <code>{HtmlEncoder.Default.Encode(errorId)}</code></p>
            </main>
            </body>
            </html>

            """,
            response.HttpContext.RequestAborted);
    }
}
