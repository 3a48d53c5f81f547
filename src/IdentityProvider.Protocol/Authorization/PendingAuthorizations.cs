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
            pending.Consent?.Scope.ToString());
        return sealing.Seal(SealPurpose.PendingAuthorization, JsonSerializer.SerializeToUtf8Bytes(wire, PendingJson.Default.Wire));
    }

    /// <summary>Null when the value is absent, forged or older than <see cref="TokenOptions.PendingAuthorizationLifetime"/>.</summary>
    public PendingAuthorization? Open(string? value)
    {
        if (string.IsNullOrEmpty(value) || sealing.Open(SealPurpose.PendingAuthorization, value) is not { } plaintext)
        {
            return null;
        }

        var wire = JsonSerializer.Deserialize(plaintext, PendingJson.Default.Wire)!;
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
            Consent = wire.ConsentSession is { } session
                ? new ConsentDecision(session, ScopeSet.TryParse(wire.ConsentScope) ?? ScopeSet.Empty)
                : null,
        };
    }

    internal sealed record Wire(
        [property: JsonPropertyName("i")] Guid Id,
        [property: JsonPropertyName("t")] long At,
        [property: JsonPropertyName("b")] string Browser,
        [property: JsonPropertyName("p")] string[][] Parameters,
        [property: JsonPropertyName("a")] bool Selected,
        [property: JsonPropertyName("r")] bool Registered,
        [property: JsonPropertyName("d")] bool Denied,
        [property: JsonPropertyName("cs")] Guid? ConsentSession,
        [property: JsonPropertyName("cc")] string? ConsentScope);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(PendingAuthorizations.Wire))]
internal sealed partial class PendingJson : JsonSerializerContext;
