using System.Text;
using System.Text.Json;

namespace IdentityProvider.Protocol.Jose;

/// <summary>
/// What a token says of itself, believed by nobody: only good for choosing whose keys to verify it with. Not a <see cref="Jwt"/>, and
/// nothing turns it into one but <see cref="JwtReader"/>.
/// </summary>
public sealed record JwtPeek
{
    private JwtPeek()
    {
    }

    public required string UnverifiedAlgorithm { get; init; }

    public required string? UnverifiedKeyId { get; init; }

    public required string? UnverifiedType { get; init; }

    public required string? UnverifiedIssuer { get; init; }

    public required string? UnverifiedSubject { get; init; }

    /// <summary>Null when the token is not a well-formed JWT within the limit.</summary>
    /// <param name="token">The token.</param>
    /// <param name="maximumLength">Longest token looked at, in characters.</param>
    public static JwtPeek? Find(string token, int maximumLength = 16 * 1024)
    {
        ArgumentNullException.ThrowIfNull(token);
        if (token.Length > maximumLength || !Ascii.IsValid(token) || !CompactJws.TrySplit(Encoding.ASCII.GetBytes(token), out var jws)
            || !JoseHeader.TryParse(jws.Header, out var header, out _))
        {
            return null;
        }

        var payload = new byte[StrictBase64Url.DecodedLength(jws.Payload.Length)];
        if (!StrictBase64Url.TryDecode(jws.Payload, payload, out _) || !StrictJson.TryParseObject(payload, out var claims, out _))
        {
            return null;
        }

        return new JwtPeek
        {
            UnverifiedAlgorithm = header.Algorithm,
            UnverifiedKeyId = header.KeyId,
            UnverifiedType = header.Type,
            UnverifiedIssuer = ReadString(claims, "iss"),
            UnverifiedSubject = ReadString(claims, "sub"),
        };
    }

    private static string? ReadString(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
