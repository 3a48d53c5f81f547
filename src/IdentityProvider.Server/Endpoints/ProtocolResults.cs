using System.Buffers;
using System.Globalization;
using System.Text.Json;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Primitives;

namespace IdentityProvider.Server.Endpoints;

/// <summary>Responses of the back-channel endpoints: RFC 6749 §5.1 and §5.2.</summary>
internal static class ProtocolResults
{
    private static readonly StringValues NoStoreValue = "no-store";
    private static readonly StringValues NoCacheValue = "no-cache";

    /// <summary>RFC 9110 §15.5.2 wants a challenge with every 401; RFC 6749 §5.2 wants this one when Basic was used; RFC 7617 §2.1 the charset.</summary>
    private static readonly StringValues BasicChallenge = "Basic realm=\"clients\", charset=\"UTF-8\"";

    /// <summary>A JSON object that nobody may keep.</summary>
    public static Task WriteJsonAsync<T>(HttpResponse response, int status, T value, Action<Utf8JsonWriter, T> write)
    {
        NoStore(response);
        var json = JsonBuffer.Write(value, write);
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.ContentLength = json.Length;
        response.BodyWriter.Write(json);
        return response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted).AsTask();
    }

    /// <summary>A signed answer that nobody may keep: OIDC Core §5.3.2.</summary>
    public static Task WriteJwtAsync(HttpResponse response, string jwt)
    {
        NoStore(response);
        response.ContentType = "application/jwt";
        response.ContentLength = jwt.Length;
        return response.WriteAsync(jwt, response.HttpContext.RequestAborted);
    }

    /// <summary>A refusal as RFC 6749 §5.2 writes it; the status is <see cref="StatusOf"/> or one of its own, such as 413 and 415.</summary>
    public static Task WriteErrorAsync(HttpResponse response, OAuthError error, int status)
    {
        if (error.RetryAfter is { } pause)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(pause.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }
        else if (error.Code is ErrorCodes.InvalidClient)
        {
            response.Headers.WWWAuthenticate = BasicChallenge;
        }

        return WriteJsonAsync(response, status, error, static (writer, error) =>
        {
            writer.WriteStartObject();
            writer.WriteString(ParameterNames.Error, error.Code);
            writer.WriteString(ParameterNames.ErrorDescription, error.Description);
            writer.WriteEndObject();
        });
    }

    /// <summary>A public document; 304 when the caller has it already (RFC 9110 §13.1.2).</summary>
    public static Task WriteDocumentAsync(HttpContext context, PublicDocument document)
    {
        var response = context.Response;
        response.Headers.ETag = document.ETag;
        response.Headers.CacheControl = document.CacheControl;
        if (IsCurrent(context.Request.Headers.IfNoneMatch, document.ETag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = document.ContentType;
        response.ContentLength = document.Body.Length;
        return response.BodyWriter.WriteAsync(document.Body, context.RequestAborted).AsTask();
    }

    /// <summary>RFC 6749 §5.1; Pragma for caches that know nothing newer.</summary>
    public static void NoStore(HttpResponse response)
    {
        response.Headers.CacheControl = NoStoreValue;
        response.Headers.Pragma = NoCacheValue;
    }

    /// <summary>303: the browser goes on with a GET, whatever it sent here (RFC 9700 §4.12).</summary>
    /// <param name="context">The request to answer.</param>
    /// <param name="location">A verified absolute address, or a path of ours with its leading slash.</param>
    public static void SeeOther(HttpContext context, string location)
    {
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = location is ['/', ..] ? context.Request.PathBase + location : location;
    }

    /// <summary>RFC 6749 §5.2: 401 for <c>invalid_client</c>, whatever the method was, else 400. RFC 6585 §4: 429 where a limit is reached.</summary>
    public static int StatusOf(OAuthError error) => error switch
    {
        { RetryAfter: not null } => StatusCodes.Status429TooManyRequests,
        { Code: ErrorCodes.InvalidClient } => StatusCodes.Status401Unauthorized,
        _ => StatusCodes.Status400BadRequest,
    };

    private static bool IsCurrent(StringValues ifNoneMatch, string etag)
    {
        foreach (var value in ifNoneMatch)
        {
            if (value is not null && (value.Contains(etag, StringComparison.Ordinal) || value.Trim() is "*"))
            {
                return true;
            }
        }

        return false;
    }
}
