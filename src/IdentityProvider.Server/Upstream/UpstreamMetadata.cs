using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Server.Upstream;

/// <summary>What we need of a provider's metadata: OIDC Discovery §3.</summary>
internal sealed record UpstreamMetadata
{
    public required Uri AuthorizationEndpoint { get; init; }

    public required Uri TokenEndpoint { get; init; }

    public required string JwksUri { get; init; }

    public Uri? UserInfoEndpoint { get; init; }

    /// <summary>Whether every authorization response bears <c>iss</c> (RFC 9207 §3).</summary>
    public bool SendsIssuer { get; init; }

    /// <summary>Reads the document.</summary>
    /// <param name="utf8">As fetched.</param>
    /// <param name="provider">Whose it should be.</param>
    /// <param name="isAllowed">Whether an address may be asked.</param>
    /// <param name="metadata">What it says.</param>
    /// <param name="reason">Why not, as a fixed sentence.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8,
        UpstreamProvider provider,
        Func<Uri, bool> isAllowed,
        [NotNullWhen(true)] out UpstreamMetadata? metadata,
        [NotNullWhen(false)] out string? reason)
    {
        metadata = null;
        if (!StrictJson.TryParseObject(utf8, out var json, out reason))
        {
            return false;
        }

        // Discovery §4.3: exactly the value that the address was made of.
        if (!string.Equals(TextOf(json, "issuer"), provider.Issuer, StringComparison.Ordinal))
        {
            reason = "issuer is not the one that is configured";
            return false;
        }

        if (AddressOf(json, "authorization_endpoint", isAllowed) is not { } authorization
            || AddressOf(json, "token_endpoint", isAllowed) is not { } token
            || AddressOf(json, "jwks_uri", isAllowed) is not { } keys)
        {
            reason = "authorization_endpoint, token_endpoint or jwks_uri is missing or not an https address";
            return false;
        }

        metadata = new UpstreamMetadata
        {
            AuthorizationEndpoint = authorization,
            TokenEndpoint = token,
            JwksUri = keys.AbsoluteUri,
            UserInfoEndpoint = AddressOf(json, "userinfo_endpoint", isAllowed),
            SendsIssuer = json.TryGetProperty("authorization_response_iss_parameter_supported", out var sends) && sends.ValueKind == JsonValueKind.True,
        };
        return true;
    }

    private static Uri? AddressOf(JsonElement json, string name, Func<Uri, bool> isAllowed) =>
        Uri.TryCreate(TextOf(json, name), UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && isAllowed(uri) ? uri : null;

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
