using System.Net.Http.Headers;
using System.Text.Json;

namespace IdentityProvider.Testing;

/// <summary>A response, read whole.</summary>
public sealed record Answer
{
    public required int Status { get; init; }

    public required HttpResponseHeaders Headers { get; init; }

    public required HttpContentHeaders ContentHeaders { get; init; }

    public required byte[] Bytes { get; init; }

    public string Body => System.Text.Encoding.UTF8.GetString(Bytes);

    public JsonElement Json => JsonDocument.Parse(Bytes).RootElement;

    /// <summary>Status, and <c>error</c> of a JSON body or an empty text.</summary>
    public (int Status, string Error) StatusAndError => (Status, Member("error") ?? string.Empty);

    public string AccessToken => Member("access_token") ?? throw new InvalidOperationException($"{Status} {Body}");

    public string RefreshToken => Member("refresh_token") ?? throw new InvalidOperationException($"{Status} {Body}");

    public string IdToken => Member("id_token") ?? throw new InvalidOperationException($"{Status} {Body}");

    /// <summary>The one value of a header, or null.</summary>
    public string? Header(string name) =>
        Headers.TryGetValues(name, out var values) || ContentHeaders.TryGetValues(name, out values) ? string.Join(", ", values) : null;

    public static async Task<Answer> ReadAsync(HttpResponseMessage response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return new Answer
        {
            Status = (int)response.StatusCode,
            Headers = response.Headers,
            ContentHeaders = response.Content.Headers,
            Bytes = await response.Content.ReadAsByteArrayAsync(),
        };
    }

    private string? Member(string name)
    {
        if (Bytes.Length == 0 || ContentHeaders.ContentType?.MediaType is not "application/json")
        {
            return null;
        }

        return Json.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
