using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Headers of every answer, errors and machine endpoints included (OWASP ASVS 5.0 §3.4). What is not one of our pages gets a content
/// policy that allows nothing at all; pages widen it with <see cref="ForPage"/>.
/// </summary>
internal static class SecurityHeaders
{
    private static readonly StringValues Nothing = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private static readonly StringValues Features =
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), microphone=(), midi=(), payment=(), usb=()";

    /// <summary>Sets the headers that hold everywhere. Comes first in the pipeline, so that no answer is without them.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app)
    {
        var options = app.ApplicationServices.GetRequiredService<IOptions<ProtocolOptions>>();
        return app.Use((context, next) =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers.ContentSecurityPolicy = Nothing;
            headers["Referrer-Policy"] = "no-referrer";
            if (context.Request.IsHttps && options.Value.Issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
                && !IsLoopback(context.Request.Host.Host))
            {
                // Not on loopback: a browser would refuse every other http service of the developer's machine for a year.
                headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
            }

            return next(context);
        });
    }

    /// <summary>
    /// Makes the answer one of our pages: our own style sheet and pictures, no script, never in a frame, never kept.
    /// </summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="destination">
    /// Where the browser may be sent once a form of the page was answered, when that is not here. Chromium holds every redirect that
    /// follows a form to <c>form-action</c>, those a client makes after its callback included, so the scheme is allowed and not one host.
    /// </param>
    /// <param name="script">Whether the page carries a script file of ours.</param>
    /// <param name="fetches">Whether that script asks our own server for something.</param>
    /// <param name="frames">Absolute addresses that the page shows in frames; their origins are allowed and no others.</param>
    public static void ForPage(
        HttpContext context, Uri? destination = null, bool script = false, IReadOnlyList<string>? frames = null, bool fetches = false)
    {
        var origins = (frames ?? []).Select(frame => new Uri(frame, UriKind.Absolute).GetLeftPart(UriPartial.Authority));
        var framed = frames is null ? string.Empty : $" frame-src {string.Join(' ', origins.Distinct(StringComparer.Ordinal))};";
        var formTargets = destination is null ? "'self'" : $"'self' {destination.Scheme}:";
        var scripts = script ? " script-src 'self';" : string.Empty;
        var connections = fetches ? " connect-src 'self';" : string.Empty;
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self';{scripts}{connections}{framed} form-action {formTargets}; frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        headers["Permissions-Policy"] = Features;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    /// <summary>
    /// The one page that others show in frames: it has nothing to click, and its script says nothing to whom it does not know. Which clients
    /// there are is not told in a header, so every site that speaks https may try.
    /// </summary>
    public static void ForCheckSession(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.Remove("X-Frame-Options");
        headers.ContentSecurityPolicy =
            "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors https: http://localhost:* http://127.0.0.1:*; "
            + "base-uri 'none'; form-action 'none'";
        headers.CacheControl = "public, max-age=3600";
    }

    private static bool IsLoopback(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
