namespace WebApp;

/// <summary>Nothing but this site's own stylesheet, no frames, and no page with someone's data in a cache.</summary>
internal static class SecurityHeaders
{
    public static Task WriteAsync(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;

        // form-action is left out: browsers apply it to redirects too, and the sign-in form ends at the identity provider.
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' https:; base-uri 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        return next(context);
    }
}
