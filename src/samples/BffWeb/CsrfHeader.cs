namespace BffWeb;

/// <summary>
/// Every request that the session cookie vouches for must bring a header. A page of another origin can only add one after asking us by a
/// preflight, and we answer none (draft-ietf-oauth-browser-based-apps §6.1.3.3).
/// </summary>
internal static class CsrfHeader
{
    public const string Name = "X-BFF";

    public static TBuilder RequireCsrfHeader<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilter(async (context, next) =>
            context.HttpContext.Request.Headers.ContainsKey(Name)
                ? await next(context)
                : Results.Problem($"The header {Name} is missing.", statusCode: StatusCodes.Status400BadRequest));
}
