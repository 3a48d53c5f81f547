namespace IdentityProvider.Redis;

/// <summary>Whether Redis is used now.</summary>
/// <param name="IsUsed">When not, the database does its work.</param>
/// <param name="Text">Where it is, or why it is not used; for the operator.</param>
public sealed record RedisStatus(bool IsUsed, string Text);
