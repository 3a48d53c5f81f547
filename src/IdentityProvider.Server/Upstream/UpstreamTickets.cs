using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Server.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Upstream;

/// <summary>
/// <c>state</c> of round trips: what has begun, sealed, bound to this browser by a cookie of its own and good once (RFC 9700 §2.1, §4.7). The
/// cookie's value is the only secret; <c>nonce</c> and the PKCE verifier come from it, so a code that was got in another browser is of no use here.
/// </summary>
internal sealed class UpstreamTickets(ISealing sealing, IUsedJtiStore used, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const string Prefix = "idp-upstream-";
    private const int SecretBytes = 32;

    /// <summary>More round trips that were not finished push out the oldest.</summary>
    private const int Most = 10;

    /// <summary>Sets the cookie.</summary>
    /// <returns><c>state</c>, and what goes with it.</returns>
    public (string State, UpstreamSecrets Secrets) Begin(HttpContext context, UpstreamTicket ticket)
    {
        var now = clock.GetUtcNow();
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var wire = new UpstreamTicketWire(
            Guid.CreateVersion7(now), ticket.ProviderId, Convert.ToHexString(SHA256.HashData(secret)), HashOf(ticket.Flow), ticket.ReturnUrl, ticket.Level,
            ticket.IsFresh, ticket.LinkingSession, now.ToUnixTimeMilliseconds());
        var secure = IsSecure(context);
        HostCookie.DropOldest(context, secure, Prefix, Most);
        CookieOf(wire.Id).Write(context, secure, Base64Url.EncodeToString(secret), UpstreamTicket.Lifetime);

        // The flow is sealed already; it stands beside, so that the address does not grow by a second encoding.
        var state = sealing.Seal(SealPurpose.UpstreamTicket, JsonSerializer.SerializeToUtf8Bytes(wire, UpstreamTicketJson.Default.UpstreamTicketWire));
        return (ticket.Flow is null ? state : $"{state}.{ticket.Flow}", SecretsOf(secret));
    }

    /// <summary>The round trip that comes back, once. Null when it is forged, too old, used, of another provider, or of another browser.</summary>
    public async Task<(UpstreamTicket Ticket, UpstreamSecrets Secrets)?> TakeAsync(HttpContext context, string providerId, string? state)
    {
        var parts = (state ?? string.Empty).Split('.', 2);
        var flow = parts.Length == 2 ? parts[1] : null;
        if (sealing.Open(SealPurpose.UpstreamTicket, parts[0]) is not { } json)
        {
            return null;
        }

        var wire = JsonSerializer.Deserialize(json, UpstreamTicketJson.Default.UpstreamTicketWire)!;
        var endsAt = DateTimeOffset.FromUnixTimeMilliseconds(wire.At) + UpstreamTicket.Lifetime;
        if (clock.GetUtcNow() >= endsAt
            || !string.Equals(wire.Provider, providerId, StringComparison.Ordinal)
            || !string.Equals(wire.FlowHash, HashOf(flow), StringComparison.Ordinal)
            || ReadSecret(context, wire) is not { } secret)
        {
            return null;
        }

        CookieOf(wire.Id).Delete(context, IsSecure(context));
        if (!await used.TryUseAsync("upstream_state", wire.Id.ToString("N"), endsAt, context.RequestAborted))
        {
            return null;
        }

        var ticket = new UpstreamTicket
        {
            ProviderId = wire.Provider,
            Flow = flow,
            ReturnUrl = wire.ReturnUrl,
            Level = wire.Level,
            IsFresh = wire.Fresh,
            LinkingSession = wire.Session,
        };
        return (ticket, SecretsOf(secret));
    }

    private byte[]? ReadSecret(HttpContext context, UpstreamTicketWire wire)
    {
        if (CookieOf(wire.Id).Read(context, IsSecure(context)) is not { } value || !Base64Url.IsValid(value, out var length) || length != SecretBytes)
        {
            return null;
        }

        var secret = Base64Url.DecodeFromChars(value);
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(secret), Convert.FromHexString(wire.SecretHash)) ? secret : null;
    }

    private static UpstreamSecrets SecretsOf(byte[] secret)
    {
        static string Derive(byte[] secret, string purpose) => Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(purpose)));
        return new UpstreamSecrets(Derive(secret, "nonce"), Derive(secret, "code_verifier"));
    }

    private static string? HashOf(string? flow) => flow is null ? null : Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(flow)));

    // The last 16 digits of a version 7 UUID are its random part (RFC 9562 §5.7).
    private static HostCookie CookieOf(Guid id) => new(Prefix + id.ToString("N")[16..]);

    private bool IsSecure(HttpContext context) => HostCookie.IsSecure(context, options.Value.Issuer);
}

internal sealed record UpstreamTicketWire(
    [property: JsonPropertyName("i")] Guid Id,
    [property: JsonPropertyName("p")] string Provider,
    [property: JsonPropertyName("h")] string SecretHash,
    [property: JsonPropertyName("f")] string? FlowHash,
    [property: JsonPropertyName("r")] string? ReturnUrl,
    [property: JsonPropertyName("l")] int Level,
    [property: JsonPropertyName("n")] bool Fresh,
    [property: JsonPropertyName("s")] Guid? Session,
    [property: JsonPropertyName("t")] long At);

[JsonSerializable(typeof(UpstreamTicketWire))]
internal sealed partial class UpstreamTicketJson : JsonSerializerContext;
