using IdentityProvider.Protocol.Catalog;

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
        var cors = new CrossOrigin(Cors, Allow, services.GetRequiredService<ICatalogStore>());
        return context =>
        {
            var mayRead = cors.Apply(context);
            if (Allows(context.Request.Method))
            {
                return endpoint(context);
            }

            return mayRead && HttpMethods.IsOptions(context.Request.Method) ? cors.AnswerPreflight(context.Response) : Refuse(context.Response);
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

    private Task Refuse(HttpResponse response)
    {
        ProtocolResults.NoStore(response);
        response.Headers.Allow = Allow;
        response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        return Task.CompletedTask;
    }
}
