using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>Seals and opens <see cref="PendingAuthorization"/>.</summary>
public sealed class PendingAuthorizations(ISealing sealing, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>
    /// Most octets of parameters, as they stand in the sealed JSON. The sealed value travels in the address of our pages and an address
    /// ends at 8 kB; what is longer is refused whole, never cut.
    /// </summary>
    public const int MaxLength = 5000;

    /// <summary>Quotation marks, brackets and commas around a name and a value.</summary>
    private const int PairOverhead = 8;

    /// <summary>Sealed, it meets no HTML, and what need not be escaped leaves room for what was sent.</summary>
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private static readonly PendingJson Json =
        new(new JsonSerializerOptions { Encoder = Encoder, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault });

    private static readonly SearchValues<char> Unescaped =
        SearchValues.Create([.. Enumerable.Range(' ', '~' - ' ' + 1).Select(value => (char)value).Except(['"', '\\'])]);

    /// <summary>Whether the parameters are within <see cref="MaxLength"/>.</summary>
    public static bool Holds(RequestParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var length = 0;
        foreach (var (name, value) in parameters.Pairs)
        {
            // The decision on the consent page repeats the scope.
            var times = string.Equals(name, ParameterNames.Scope, StringComparison.Ordinal) ? 2 : 1;
            length += EncodedLength(name) + (times * EncodedLength(value)) + PairOverhead;
            if (length > MaxLength)
            {
                return false;
            }
        }

        return true;
    }

    public string Seal(PendingAuthorization pending)
    {
        ArgumentNullException.ThrowIfNull(pending);
        var wire = new Wire(
            pending.Id,
            pending.CreatedAt.ToUnixTimeMilliseconds(),
            pending.BrowserBinding,
            [.. pending.Parameters.Select(pair => new[] { pair.Key, pair.Value })],
            pending.AccountSelected,
            pending.RegistrationAnswered,
            pending.Denied,
            pending.Consent?.SessionId,
            pending.Consent?.Scope.ToString(),
            pending.LevelDeclined,
            pending.SignedInSession);
        return sealing.Seal(SealPurpose.PendingAuthorization, JsonSerializer.SerializeToUtf8Bytes(wire, Json.Wire));
    }

    /// <summary>Null when the value is absent, forged or older than <see cref="TokenOptions.PendingAuthorizationLifetime"/>.</summary>
    public PendingAuthorization? Open(string? value)
    {
        if (string.IsNullOrEmpty(value) || sealing.Open(SealPurpose.PendingAuthorization, value) is not { } plaintext)
        {
            return null;
        }

        var wire = JsonSerializer.Deserialize(plaintext, Json.Wire)!;
        var createdAt = DateTimeOffset.FromUnixTimeMilliseconds(wire.At);
        if (clock.GetUtcNow() >= createdAt + options.Value.Tokens.PendingAuthorizationLifetime)
        {
            return null;
        }

        return new PendingAuthorization
        {
            Id = wire.Id,
            CreatedAt = createdAt,
            BrowserBinding = wire.Browser,
            Parameters = [.. wire.Parameters.Select(pair => KeyValuePair.Create(pair[0], pair[1]))],
            AccountSelected = wire.Selected,
            RegistrationAnswered = wire.Registered,
            Denied = wire.Denied,
            LevelDeclined = wire.LevelDeclined,
            SignedInSession = wire.SignedIn,
            Consent = wire.ConsentSession is { } session
                ? new ConsentDecision(session, ScopeSet.TryParse(wire.ConsentScope) ?? ScopeSet.Empty)
                : null,
        };
    }

    private static int EncodedLength(string text) =>
        text.Length > MaxLength || !text.AsSpan().ContainsAnyExcept(Unescaped)
            ? text.Length
            : JsonEncodedText.Encode(text, Encoder).EncodedUtf8Bytes.Length;

    internal sealed record Wire(
        [property: JsonPropertyName("i")] Guid Id,
        [property: JsonPropertyName("t")] long At,
        [property: JsonPropertyName("b")] string Browser,
        [property: JsonPropertyName("p")] string[][] Parameters,
        [property: JsonPropertyName("a")] bool Selected,
        [property: JsonPropertyName("r")] bool Registered,
        [property: JsonPropertyName("d")] bool Denied,
        [property: JsonPropertyName("cs")] Guid? ConsentSession,
        [property: JsonPropertyName("cc")] string? ConsentScope,
        [property: JsonPropertyName("l")] bool LevelDeclined = false,
        [property: JsonPropertyName("s")] Guid? SignedIn = null);
}

[JsonSerializable(typeof(PendingAuthorizations.Wire))]
internal sealed partial class PendingJson : JsonSerializerContext;
