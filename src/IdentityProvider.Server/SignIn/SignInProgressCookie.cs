using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Server.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.SignIn;

/// <summary>Keeps a <see cref="SignInProgress"/> sealed in the browser that began it: one cookie for each place.</summary>
internal sealed class SignInProgressCookie(ISealing sealing, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    private const string Prefix = "idp-progress-";

    /// <summary>More of them in one browser push out the oldest.</summary>
    private const int Most = 5;

    public void Write(HttpContext context, SignInPlace place, SignInProgress progress)
    {
        var secure = IsSecure(context);
        var wire = new SignInProgressWire(
            progress.Id,
            progress.AccountId,
            [.. progress.Proofs.Select(proof => new ProofWire(proof.Method, [.. proof.Amr], proof.IsMultiFactor, proof.IsPhishingResistant))],
            progress.StartedAt.ToUnixTimeMilliseconds(),
            HashOf(progress.Place),
            progress.Stamp,
            progress.Remember,
            progress.SessionId);
        var json = JsonSerializer.SerializeToUtf8Bytes(wire, SignInProgressJson.Default.SignInProgressWire);
        HostCookie.DropOldest(context, secure, Prefix, Most);
        CookieOf(place).Write(context, secure, sealing.Seal(SealPurpose.SignInProgress, json), SignInProgress.Lifetime);
    }

    /// <summary>Null when there is none for this place, or it is forged or too old.</summary>
    public SignInProgress? Read(HttpContext context, SignInPlace place)
    {
        if (CookieOf(place).Read(context, IsSecure(context)) is not { } value
            || sealing.Open(SealPurpose.SignInProgress, value) is not { } json)
        {
            return null;
        }

        var wire = JsonSerializer.Deserialize(json, SignInProgressJson.Default.SignInProgressWire)!;
        var startedAt = DateTimeOffset.FromUnixTimeMilliseconds(wire.At);
        if (!string.Equals(wire.Place, HashOf(place.Name), StringComparison.Ordinal) || clock.GetUtcNow() >= startedAt + SignInProgress.Lifetime)
        {
            return null;
        }

        return new SignInProgress
        {
            Id = wire.Id,
            AccountId = wire.Account,
            Proofs = [.. wire.Proofs.Select(proof => new Proof(proof.Method, proof.Amr, proof.IsMultiFactor, proof.IsPhishingResistant))],
            StartedAt = startedAt,
            Place = place.Name,
            Stamp = wire.Stamp,
            Remember = wire.Remember,
            SessionId = wire.SessionId,
        };
    }

    public void Delete(HttpContext context, SignInPlace place)
    {
        var secure = IsSecure(context);
        if (CookieOf(place).Read(context, secure) is not null)
        {
            CookieOf(place).Delete(context, secure);
        }
    }

    /// <summary>What stands for the account's security stamp outside of the database.</summary>
    public static string StampOf(Account account) => HashOf("stamp " + account.SecurityStamp);

    private static string HashOf(string text) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    private static HostCookie CookieOf(SignInPlace place) => new(Prefix + place.Key);

    private bool IsSecure(HttpContext context) => HostCookie.IsSecure(context, options.Value.Issuer);
}

internal sealed record SignInProgressWire(
    [property: JsonPropertyName("i")] Guid Id,
    [property: JsonPropertyName("a")] string Account,
    [property: JsonPropertyName("p")] ProofWire[] Proofs,
    [property: JsonPropertyName("t")] long At,
    [property: JsonPropertyName("f")] string Place,
    [property: JsonPropertyName("s")] string Stamp,
    [property: JsonPropertyName("r")] bool Remember,
    [property: JsonPropertyName("e")] Guid? SessionId);

internal sealed record ProofWire(
    [property: JsonPropertyName("m")] string Method,
    [property: JsonPropertyName("a")] string[] Amr,
    [property: JsonPropertyName("f")] bool IsMultiFactor,
    [property: JsonPropertyName("r")] bool IsPhishingResistant);

[JsonSerializable(typeof(SignInProgressWire))]
internal sealed partial class SignInProgressJson : JsonSerializerContext;
