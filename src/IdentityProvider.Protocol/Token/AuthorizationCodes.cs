using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Token;

/// <summary>Seals and opens authorization codes (ADR 3).</summary>
public sealed class AuthorizationCodes(ISealing sealing)
{
    /// <summary>Sealed, it meets no HTML; escaping what need not be would only make the address longer that carries the code.</summary>
    private static readonly AuthorizationCodeJson Json = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    });

    public string Seal(AuthorizationCode code)
    {
        ArgumentNullException.ThrowIfNull(code);
        var wire = new Wire(
            code.Id,
            code.IssuedAt.ToUnixTimeMilliseconds(),
            code.ClientId,
            code.Subject,
            code.SessionId,
            code.RedirectUri,
            code.CodeChallenge,
            code.Nonce,
            code.Scope.ToString(),
            code.Resources.Count == 0 ? null : code.Resources,
            code.AuthTime.ToUnixTimeMilliseconds(),
            code.Acr,
            code.Amr.Count == 0 ? null : code.Amr,
            code.RequestedClaims,
            code.ConsentScope is not { } consent ? null : consent.Equals(code.Scope) ? string.Empty : consent.ToString());
        return sealing.Seal(SealPurpose.AuthorizationCode, JsonSerializer.SerializeToUtf8Bytes(wire, Json.Wire));
    }

    /// <summary>Null when it is forged or altered. Whether it has expired is the caller's question.</summary>
    public AuthorizationCode? Open(string code)
    {
        if (sealing.Open(SealPurpose.AuthorizationCode, code) is not { } plaintext)
        {
            return null;
        }

        var wire = JsonSerializer.Deserialize(plaintext, Json.Wire)!;
        var scope = SetOf(wire.Scope);
        return new AuthorizationCode
        {
            Id = wire.Id,
            IssuedAt = DateTimeOffset.FromUnixTimeMilliseconds(wire.IssuedAt),
            ClientId = wire.ClientId,
            Subject = wire.Subject,
            SessionId = wire.SessionId,
            RedirectUri = wire.RedirectUri,
            CodeChallenge = wire.CodeChallenge,
            Nonce = wire.Nonce,
            Scope = scope,
            Resources = wire.Resources ?? [],
            AuthTime = DateTimeOffset.FromUnixTimeMilliseconds(wire.AuthTime),
            Acr = wire.Acr,
            Amr = wire.Amr ?? [],
            RequestedClaims = wire.RequestedClaims,
            ConsentScope = wire.ConsentScope switch
            {
                null => null,
                "" => scope,
                var consent => SetOf(consent),
            },
        };
    }

    /// <summary>As it was sealed, however many: a consent joins those of several requests, and none would mean that nobody was asked.</summary>
    private static ScopeSet SetOf(string scope) => ScopeSet.Of(scope.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    internal sealed record Wire(
        [property: JsonPropertyName("i")] Guid Id,
        [property: JsonPropertyName("t")] long IssuedAt,
        [property: JsonPropertyName("c")] string ClientId,
        [property: JsonPropertyName("s")] string Subject,
        [property: JsonPropertyName("sid")] Guid SessionId,
        [property: JsonPropertyName("u")] string? RedirectUri,
        [property: JsonPropertyName("p")] string? CodeChallenge,
        [property: JsonPropertyName("n")] string? Nonce,
        [property: JsonPropertyName("o")] string Scope,
        [property: JsonPropertyName("r")] IReadOnlyList<string>? Resources,
        [property: JsonPropertyName("a")] long AuthTime,
        [property: JsonPropertyName("l")] string? Acr,
        [property: JsonPropertyName("m")] IReadOnlyList<string>? Amr,
        [property: JsonPropertyName("q")] string? RequestedClaims,
        [property: JsonPropertyName("k")] string? ConsentScope);
}

[JsonSerializable(typeof(AuthorizationCodes.Wire))]
internal sealed partial class AuthorizationCodeJson : JsonSerializerContext;
