using System.Buffers;
using System.IO.Pipelines;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Server.Endpoints;

/// <summary>The only reader of JSON bodies: their octets, under the limits of <see cref="FormReading"/>. What they mean is for the rules.</summary>
internal static class JsonReading
{
    private const string JsonContentType = "application/json";

    /// <summary>The body, or the status it is refused with: 400, 413 or 415.</summary>
    public static async ValueTask<(ReadOnlyMemory<byte> Body, int Status)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding.Count > 0 || !IsUtf8Json(request.ContentType))
        {
            return (default, StatusCodes.Status415UnsupportedMediaType);
        }

        if (request.ContentLength > FormReading.MaxBodyLength)
        {
            return (default, StatusCodes.Status413PayloadTooLarge);
        }

        try
        {
            return await ReadBodyAsync(request.BodyReader, cancellationToken);
        }
        catch (BadHttpRequestException exception)
        {
            return (default, exception.StatusCode);
        }
    }

    private static async ValueTask<(ReadOnlyMemory<byte> Body, int Status)> ReadBodyAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > FormReading.MaxBodyLength)
            {
                body.AdvanceTo(read.Buffer.End);
                return (default, StatusCodes.Status413PayloadTooLarge);
            }

            if (read.IsCompleted)
            {
                var octets = read.Buffer.ToArray();
                body.AdvanceTo(read.Buffer.End);
                return (octets, StatusCodes.Status200OK);
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static bool IsUtf8Json(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(JsonContentType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
