namespace IdentityProvider.Server.Endpoints;

/// <summary>One row of <see cref="ProtocolRoutes"/>.</summary>
/// <param name="Path">Under the issuer.</param>
/// <param name="Methods">Others are answered 405 with <c>Allow</c> (RFC 9110 §15.5.6).</param>
/// <param name="Cors">Who may read it from a browser.</param>
/// <param name="Endpoint">Called once, when the routes are mapped.</param>
internal sealed record ProtocolRoute(string Path, string[] Methods, CorsPolicy Cors, Func<IServiceProvider, RequestDelegate> Endpoint)
{
    public string Allow { get; } = string.Join(", ", Methods);

    /// <summary>The endpoint behind the checks that hold for all.</summary>
    public RequestDelegate Guarded(IServiceProvider services)
    {
        var endpoint = Endpoint(services);
        return context =>
        {
            if (Cors == CorsPolicy.Anyone)
            {
                context.Response.Headers.AccessControlAllowOrigin = "*";
            }

            return Allows(context.Request.Method) ? endpoint(context) : AnswerOther(context);
        };
    }

    private bool Allows(string method)
    {
        foreach (var allowed in Methods)
        {
            if (string.Equals(allowed, method, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private Task AnswerOther(HttpContext context)
    {
        var response = context.Response;
        if (Cors == CorsPolicy.Anyone && HttpMethods.IsOptions(context.Request.Method))
        {
            // Preflight: only a conditional request needs one.
            response.Headers.AccessControlAllowMethods = "GET";
            response.Headers.AccessControlAllowHeaders = "If-None-Match";
            response.Headers.AccessControlMaxAge = "86400";
            response.StatusCode = StatusCodes.Status204NoContent;
            return Task.CompletedTask;
        }

        ProtocolResults.NoStore(response);
        response.Headers.Allow = Allow;
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }
}
