using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.EndSession;

/// <summary>Seals and opens <see cref="PendingSignOut"/>, and tells where the person goes when they have signed out.</summary>
public sealed class PendingSignOuts(ISealing sealing, ICatalogStore catalog, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    public string Seal(PendingSignOut pending)
    {
        ArgumentNullException.ThrowIfNull(pending);
        var wire = new Wire(
            pending.CreatedAt.ToUnixTimeSeconds(), pending.ClientId, pending.PostLogoutRedirectUri, pending.State, pending.HintSessionId);
        return sealing.Seal(SealPurpose.PageState, JsonSerializer.SerializeToUtf8Bytes(wire, PendingSignOutJson.Default.Wire));
    }

    /// <summary>Null when the value is absent, forged or older than <see cref="TokenOptions.PendingAuthorizationLifetime"/>.</summary>
    public PendingSignOut? Open(string? value)
    {
        if (string.IsNullOrEmpty(value) || sealing.Open(SealPurpose.PageState, value) is not { } plaintext)
        {
            return null;
        }

        var wire = JsonSerializer.Deserialize(plaintext, PendingSignOutJson.Default.Wire)!;
        var createdAt = DateTimeOffset.FromUnixTimeSeconds(wire.At);
        return clock.GetUtcNow() < createdAt + options.Value.Tokens.PendingAuthorizationLifetime
            ? new PendingSignOut
            {
                CreatedAt = createdAt,
                ClientId = wire.ClientId,
                PostLogoutRedirectUri = wire.RedirectUri,
                State = wire.State,
                HintSessionId = wire.HintSessionId,
            }
            : null;
    }

    /// <summary>
    /// Where the person is sent after signing out, <c>state</c> included; null for our own page. The registration is looked at once
    /// more: an address that was removed while the page was open is not used.
    /// </summary>
    public string? ReturnAddress(PendingSignOut pending)
    {
        ArgumentNullException.ThrowIfNull(pending);
        if (pending is not { ClientId: { } clientId, PostLogoutRedirectUri: { } redirectUri }
            || catalog.Current.FindClient(clientId) is not { } client
            || !client.PostLogoutRedirectUris.Contains(redirectUri, StringComparer.Ordinal))
        {
            return null;
        }

        if (pending.State is null)
        {
            return redirectUri;
        }

        // §3: state is added to the query component; a registered address has no fragment.
        var separator = redirectUri.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        return $"{redirectUri}{separator}{ParameterNames.State}={Uri.EscapeDataString(pending.State)}";
    }

    internal sealed record Wire(
        [property: JsonPropertyName("t")] long At,
        [property: JsonPropertyName("c")] string? ClientId,
        [property: JsonPropertyName("r")] string? RedirectUri,
        [property: JsonPropertyName("s")] string? State,
        [property: JsonPropertyName("h")] string? HintSessionId);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PendingSignOuts.Wire))]
internal sealed partial class PendingSignOutJson : JsonSerializerContext;
