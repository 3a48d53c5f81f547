namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>One answer of the issuer: 200 with a body, or 304 without (then <see cref="Body"/> is null).</summary>
internal sealed record IssuerDocument(byte[]? Body, string? EntityTag, TimeSpan? MaximumAge);
