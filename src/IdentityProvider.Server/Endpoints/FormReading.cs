using System.Buffers;
using System.Collections.Frozen;
using System.IO.Pipelines;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Net.Http.Headers;

namespace IdentityProvider.Server.Endpoints;

/// <summary>
/// The only reader of query and form: RFC 6749 §3.1, §3.2 and Appendix B. A request has its parameters in one place, the query of a
/// GET or the body of a POST, and what is malformed is refused instead of repaired.
/// </summary>
internal static class FormReading
{
    /// <summary>More than this is refused before it is read (413).</summary>
    public const int MaxBodyLength = 64 * 1024;

    private const string FormContentType = "application/x-www-form-urlencoded";

    /// <summary>Parameters that stand in the query of a POST are somebody's mistake or attack, and secrets there end up in logs: RFC 6749 §2.3.1.</summary>
    private static readonly FrozenSet<string> BodyOnly = new[]
    {
        ParameterNames.AccessToken, ParameterNames.AcrValues, ParameterNames.Claims, ParameterNames.ClientAssertion,
        ParameterNames.ClientAssertionType, ParameterNames.ClientId, ParameterNames.ClientSecret, ParameterNames.Code,
        ParameterNames.CodeChallenge, ParameterNames.CodeChallengeMethod, ParameterNames.CodeVerifier, ParameterNames.DeviceCode, ParameterNames.Display,
        ParameterNames.GrantType, ParameterNames.IdTokenHint, ParameterNames.LoginHint, ParameterNames.LogoutHint, ParameterNames.MaxAge,
        ParameterNames.Nonce, ParameterNames.PostLogoutRedirectUri, ParameterNames.Prompt, ParameterNames.RedirectUri,
        ParameterNames.RefreshToken, ParameterNames.Registration, ParameterNames.Request, ParameterNames.RequestUri,
        ParameterNames.Resource, ParameterNames.ResponseMode, ParameterNames.ResponseType, ParameterNames.Scope, ParameterNames.State,
        ParameterNames.Token, ParameterNames.TokenTypeHint, ParameterNames.UiLocales,
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Parameters of the query.</summary>
    public static RequestReading ReadQuery(HttpRequest request)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        return FormUrlEncoding.TryReadQuery(request.QueryString.Value, pairs)
            ? RequestReading.Of(pairs)
            : RequestReading.Refused(StatusCodes.Status400BadRequest, "The query is malformed.");
    }

    /// <summary>Whether the body is a form at all; other bodies are nobody's business where a form is optional.</summary>
    public static bool HasForm(HttpRequest request) =>
        request.ContentType?.StartsWith(FormContentType, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Parameters of the body.</summary>
    public static async ValueTask<RequestReading> ReadFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if ((FindHeaderProblem(request) ?? FindQueryProblem(request)) is { } problem)
        {
            return problem;
        }

        try
        {
            return await ReadBodyAsync(request.BodyReader, cancellationToken);
        }
        catch (BadHttpRequestException exception)
        {
            // Broken chunks, a body that stops short, a client slower than allowed: the host's finding, not an outage of ours.
            return RequestReading.Refused(exception.StatusCode, "The request body could not be read.", exception.Message);
        }
    }

    /// <summary>Parameters of the query for GET and HEAD, of the body for POST.</summary>
    public static ValueTask<RequestReading> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        HttpMethods.IsPost(request.Method) ? ReadFormAsync(request, cancellationToken) : ValueTask.FromResult(ReadQuery(request));

    /// <summary>What a back-channel request brought to prove who the client is, beside its parameters.</summary>
    public static ClientCredentials Credentials(HttpRequest request, RequestParameters parameters) => new()
    {
        // Several Authorization headers come joined by a comma and then fit no scheme.
        AuthorizationHeader = request.Headers.Authorization is { Count: > 0 } header ? header.ToString() : null,
        RemoteAddress = request.HttpContext.Connection.RemoteIpAddress?.ToString(),
        Parameters = parameters,
    };

    private static RequestReading? FindHeaderProblem(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0)
        {
            return RequestReading.Refused(StatusCodes.Status415UnsupportedMediaType, "Compressed request bodies are not accepted.");
        }

        if (request.ContentLength > MaxBodyLength)
        {
            return TooLarge();
        }

        return string.Equals(request.ContentType, FormContentType, StringComparison.OrdinalIgnoreCase) || IsUtf8Form(request.ContentType)
            ? null
            : RequestReading.Refused(
                StatusCodes.Status400BadRequest,
                "The request body must be application/x-www-form-urlencoded in UTF-8.",
                "content type " + (request.ContentType ?? "missing"));
    }

    private static bool IsUtf8Form(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals(FormContentType, StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || HeaderUtilities.RemoveQuotes(type.Charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    private static RequestReading? FindQueryProblem(HttpRequest request)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        var pairs = new List<KeyValuePair<string, string>>();
        return FormUrlEncoding.TryReadQuery(request.QueryString.Value, pairs) && !pairs.Exists(pair => BodyOnly.Contains(pair.Key))
            ? null
            : RequestReading.Refused(StatusCodes.Status400BadRequest, "Parameters of a POST request belong in its body.");
    }

    private static async ValueTask<RequestReading> ReadBodyAsync(PipeReader body, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await body.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MaxBodyLength)
            {
                body.AdvanceTo(read.Buffer.End);
                return TooLarge();
            }

            if (read.IsCompleted)
            {
                var reading = Parse(read.Buffer);
                body.AdvanceTo(read.Buffer.End);
                return reading;
            }

            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static RequestReading Parse(ReadOnlySequence<byte> body)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        if (body.IsSingleSegment)
        {
            return Parse(FormUrlEncoding.TryRead(body.FirstSpan, pairs), pairs);
        }

        var length = checked((int)body.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            body.CopyTo(buffer);
            return Parse(FormUrlEncoding.TryRead(buffer.AsSpan(0, length), pairs), pairs);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        }
    }

    private static RequestReading Parse(bool wellFormed, List<KeyValuePair<string, string>> pairs) => wellFormed
        ? RequestReading.Of(pairs)
        : RequestReading.Refused(StatusCodes.Status400BadRequest, "The request body is malformed.");

    private static RequestReading TooLarge() => RequestReading.Refused(
        StatusCodes.Status413PayloadTooLarge, "The request body is too large.", $"more than {MaxBodyLength} bytes");
}
