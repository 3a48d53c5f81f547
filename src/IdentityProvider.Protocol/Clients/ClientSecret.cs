namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// A client secret as we keep it: SHA-256 of a value with at least 256 bits of our own randomness, or, for declared ones, of what the operator chose.
/// </summary>
/// <param name="Hash">SHA-256 of the secret's UTF-8 bytes: 32 bytes.</param>
/// <param name="ExpiresAt">From then on it is refused; null never expires.</param>
public sealed record ClientSecret(ReadOnlyMemory<byte> Hash, DateTimeOffset? ExpiresAt);
