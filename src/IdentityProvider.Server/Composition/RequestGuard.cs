using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Composition;

/// <summary>
/// Refuses what no endpoint may see: plain http where the issuer is https (RFC 6749 §3.1, RFC 9700 §2.6; the health endpoints excepted),
/// and a body whose length is told in two ways (RFC 9112 §6.3: a smuggling attempt, or a proxy that lets one through).
/// </summary>
internal sealed class RequestGuard(RequestDelegate next, IOptions<ProtocolOptions> options)
{
    /// <summary>Where Kestrel moves a Content-Length that came with a Transfer-Encoding.</summary>
    private const string OverriddenContentLength = "X-Content-Length";

    private readonly bool _needsTls = options.Value.Issuer.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.TransferEncoding.Count > 0
            && (request.Headers.ContentLength is not null || request.Headers.ContainsKey(OverriddenContentLength)))
        {
            return RefuseAsync(context, "The request tells the length of its body in two ways (Content-Length and Transfer-Encoding). Send one of them.");
        }

        if (_needsTls && !request.IsHttps && !request.Path.StartsWithSegments(Health.Root, StringComparison.Ordinal))
        {
            return RefuseAsync(
                context,
                "This server is set up for https and was asked over plain http. Use its https address. If a proxy ends TLS in front of it, "
                    + "name that proxy in IdentityProvider:Proxies:trusted_proxies and let it send X-Forwarded-Proto.");
        }

        return next(context);
    }

    private static Task RefuseAsync(HttpContext context, string explanation)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.Headers.Connection = "close";
        return context.Response.WriteAsync(explanation, context.RequestAborted);
    }
}
