using System.Text.Encodings.Web;
using IdentityProvider.Server.Endpoints;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// The page for our own faults. Plain HTML without views, scripts or styles of its own: it must be there when nothing else is.
/// </summary>
internal static class FaultPage
{
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
        var (title, text) = status switch
        {
            StatusCodes.Status503ServiceUnavailable => ("We cannot answer right now", "Please try again in a moment."),
            >= StatusCodes.Status500InternalServerError => ("Something went wrong on our side", "Please go back to the application and start again."),
            _ => ("We could not read that request", "Please go back to the application and start again."),
        };
        return response.WriteAsync(
            $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{title}</title>
            </head>
            <body>
            <main>
            <h1>{title}</h1>
            <p>{text}</p>
            <p>Error id: <code>{HtmlEncoder.Default.Encode(errorId)}</code></p>
            </main>
            </body>
            </html>

            """,
            response.HttpContext.RequestAborted);
    }
}
