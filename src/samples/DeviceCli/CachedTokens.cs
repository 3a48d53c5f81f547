namespace DeviceCli;

/// <summary>What the cache file holds.</summary>
internal sealed record CachedTokens(string Issuer, string AccessToken, string? RefreshToken, DateTimeOffset ExpiresAt);
