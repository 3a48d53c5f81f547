using System.Globalization;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Server.Endpoints;

/// <summary><c>GET /connect/statuslists/{n}</c>: draft-ietf-oauth-status-list §8.</summary>
internal sealed class StatusListEndpoint(StatusListPublisher publisher)
{
    /// <summary>Name of the route value.</summary>
    public const string Number = "number";

    private static readonly MediaTypeHeaderValue Jwt = new(StatusListDocument.MediaType);

    public async Task HandleAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers.Vary = HeaderNames.Accept;
        if (context.Request.Query.ContainsKey("time"))
        {
            // §8.4: lists of the past are optional, and are not kept.
            await EndAsync(response, StatusCodes.Status501NotImplemented);
        }
        else if (!Accepts(context.Request.Headers.Accept))
        {
            // §8.1: JWT is the only form published.
            await EndAsync(response, StatusCodes.Status406NotAcceptable);
        }
        else if (!TryReadNumber(context, out var number) || await publisher.FindAsync(number, context.RequestAborted) is not { } list)
        {
            await EndAsync(response, StatusCodes.Status404NotFound);
        }
        else
        {
            await ProtocolResults.WriteDocumentAsync(
                context, new PublicDocument(list.Body, StatusListDocument.MediaType, list.ETag, list.CacheControl));
        }
    }

    private static bool TryReadNumber(HttpContext context, out int number)
    {
        number = 0;
        return context.Request.RouteValues[Number] is string text
            && text is "0" or [not '0', ..]
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static bool Accepts(StringValues accept) =>
        accept.Count == 0
        || string.Equals(accept.ToString(), StatusListDocument.MediaType, StringComparison.OrdinalIgnoreCase)
        || (MediaTypeHeaderValue.TryParseList(accept, out var ranges)
            && ranges.Any(range => range.Quality != 0 && Jwt.IsSubsetOf(new MediaTypeHeaderValue(range.MediaType))));

    private static Task EndAsync(HttpResponse response, int status)
    {
        ProtocolResults.NoStore(response);
        response.StatusCode = status;
        return Task.CompletedTask;
    }
}
