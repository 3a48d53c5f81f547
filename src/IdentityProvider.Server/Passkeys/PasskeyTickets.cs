using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Server.Sessions;
using IdentityProvider.Server.SignIn;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Passkeys;

/// <summary>
/// Challenges on their way through the browser (WebAuthn L3 §13.4.3): sealed, good for five minutes, for one purpose and for the browser
/// that asked, which holds a random value in a cookie. Nothing is stored until an answer comes; taking it is one insert, so a challenge
/// serves once in the cluster, whatever came of it.
/// </summary>
internal sealed class PasskeyTickets(ISealing sealing, IUsedJtiStore used, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const int BindingBytes = 32;

    private static readonly HostCookie Cookie = new("idp-passkey");

    /// <param name="context">The request; its answer gets the cookie.</param>
    /// <param name="purpose">Where the answer will be taken, and for whom.</param>
    /// <param name="state">What it will be verified against.</param>
    public string Issue(HttpContext context, PasskeyPurpose purpose, string state)
    {
        var secure = HostCookie.IsSecure(context, options.Value.Issuer);
        var binding = FindBinding(context) ?? Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(BindingBytes));
        Cookie.Write(context, secure, binding, PasskeyRelyingParty.CeremonyLifetime);
        var now = clock.GetUtcNow();
        var wire = new PasskeyTicketWire(
            Guid.CreateVersion7(now), now.ToUnixTimeMilliseconds(), purpose.Name, HashOf(binding), state);
        return sealing.Seal(SealPurpose.PasskeyTicket, JsonSerializer.SerializeToUtf8Bytes(wire, PasskeyTicketJson.Default.PasskeyTicketWire));
    }

    /// <summary>The state, or null: forged, too old, for something or somebody else, of another browser, or taken before.</summary>
    public async Task<string?> TakeAsync(HttpContext context, PasskeyPurpose purpose, string? ticket, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(ticket) || sealing.Open(SealPurpose.PasskeyTicket, ticket) is not { } plaintext)
        {
            return null;
        }

        var wire = JsonSerializer.Deserialize(plaintext, PasskeyTicketJson.Default.PasskeyTicketWire)!;
        var end = DateTimeOffset.FromUnixTimeMilliseconds(wire.At) + PasskeyRelyingParty.CeremonyLifetime;
        if (clock.GetUtcNow() >= end
            || !string.Equals(wire.Purpose, purpose.Name, StringComparison.Ordinal)
            || FindBinding(context) is not { } binding
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(HashOf(binding)), Encoding.ASCII.GetBytes(wire.Browser)))
        {
            return null;
        }

        return await used.TryUseAsync(options.Value.Issuer, "passkey " + wire.Id.ToString("N"), end, cancellationToken) ? wire.State : null;
    }

    private string? FindBinding(HttpContext context) =>
        Cookie.Read(context, HostCookie.IsSecure(context, options.Value.Issuer)) is { } value
        && Base64Url.IsValid(value, out var length) && length == BindingBytes ? value : null;

    private static string HashOf(string binding) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(binding)));
}

/// <summary>What a challenge is for. A new passkey is no proof of anything, so the two never serve for one another.</summary>
internal sealed record PasskeyPurpose
{
    private PasskeyPurpose(string name) => Name = name;

    public string Name { get; }

    /// <summary>Whoever answers signs in, for this place and no other.</summary>
    public static PasskeyPurpose SignInAt(SignInPlace place) => new("sign-in " + place.Name);

    /// <summary>The second factor of a sign-in that this account has begun, for this place.</summary>
    public static PasskeyPurpose SecondFactorAt(SignInPlace place, Account account) => new($"second factor {account.Id} {place.Name}");

    /// <summary>A new passkey for this account, in this session.</summary>
    public static PasskeyPurpose RegistrationOf(Protocol.Sessions.Session session) => new($"registration {session.Sid} {session.Subject}");
}

internal sealed record PasskeyTicketWire(
    [property: JsonPropertyName("i")] Guid Id,
    [property: JsonPropertyName("t")] long At,
    [property: JsonPropertyName("p")] string Purpose,
    [property: JsonPropertyName("b")] string Browser,
    [property: JsonPropertyName("s")] string State);

[JsonSerializable(typeof(PasskeyTicketWire))]
internal sealed partial class PasskeyTicketJson : JsonSerializerContext;
