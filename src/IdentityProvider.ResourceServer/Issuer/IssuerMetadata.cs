using IdentityProvider.ResourceServer.Jose;

namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>What this package needs of the issuer's metadata (OIDC Discovery §3, RFC 8414 §2).</summary>
internal sealed record IssuerMetadata(Uri JwksUri)
{
    /// <exception cref="InvalidDataException">Not the metadata of <paramref name="authority"/>.</exception>
    public static IssuerMetadata Parse(ReadOnlySpan<byte> json, string authority)
    {
        if (!StrictJson.TryParseObject(json, out var document))
        {
            throw new InvalidDataException("The issuer's metadata is not a JSON object.");
        }

        // OIDC Discovery §4.3: exactly the issuer the metadata was asked of.
        var issuer = document.FindString("issuer");
        if (!string.Equals(issuer, authority, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"The metadata names the issuer '{issuer}', configured is '{authority}'.");
        }

        return IssuerUri.TryParse(document.FindString("jwks_uri"), out var jwksUri)
            ? new IssuerMetadata(jwksUri)
            : throw new InvalidDataException("The metadata has no jwks_uri that is https or on a loopback host.");
    }
}
