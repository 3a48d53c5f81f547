using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace IdentityProvider.ResourceServer.Bearer;

/// <summary>Where the request carries its access token (RFC 6750 §2): in the Authorization header or nowhere.</summary>
internal abstract record BearerCredentials
{
    private const string Scheme = "Bearer";
    private const string ParameterName = "access_token";

    // A longer form is not read here; a token in it would be ignored, not accepted.
    private const int MaximumFormSize = 64 * 1024;

    // §2.1: b64token.
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=");

    public sealed record None : BearerCredentials;

    public sealed record Token(string Value) : BearerCredentials;

    /// <summary>400 <c>invalid_request</c>. The description is fixed and repeats no input.</summary>
    public sealed record Malformed(string Description) : BearerCredentials;

    public static async ValueTask<BearerCredentials> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        // §2.3 is not supported: addresses end up in logs, histories and Referer headers (RFC 9700 §4.3.2).
        if (request.Query.ContainsKey(ParameterName))
        {
            return new Malformed("The access token must not be sent in the query.");
        }

        var header = ReadHeader(request);

        // §2: not more than one method in one request. §2.2 on its own is not supported either.
        return header is Token && await HasTokenInFormAsync(request, cancellationToken)
            ? new Malformed("The access token must be sent in one place only.")
            : header;
    }

    private static BearerCredentials ReadHeader(HttpRequest request)
    {
        var values = request.Headers.Authorization;
        if (values.Count == 0)
        {
            return new None();
        }

        if (values.Count > 1)
        {
            return new Malformed("There must be one Authorization header only.");
        }

        var value = values.ToString();
        if (!value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            || (value.Length > Scheme.Length && value[Scheme.Length] != ' '))
        {
            return new None();
        }

        var token = value.AsSpan(Scheme.Length).Trim(' ');
        return token.IsEmpty || token.ContainsAnyExcept(TokenCharacters)
            ? new Malformed("The Authorization header is malformed.")
            : new Token(token.ToString());
    }

    private static async ValueTask<bool> HasTokenInFormAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasFormContentType
            || request.ContentType!.StartsWith("multipart/", StringComparison.OrdinalIgnoreCase)
            || request.ContentLength is not (> 0 and <= MaximumFormSize))
        {
            return false;
        }

        // The endpoint can still read the body itself.
        request.EnableBuffering();
        try
        {
            var form = await request.ReadFormAsync(cancellationToken);
            return form.ContainsKey(ParameterName);
        }
        catch (InvalidDataException)
        {
            // Not a form after all; that is for the endpoint to say.
            return false;
        }
        finally
        {
            request.Body.Position = 0;
        }
    }
}
