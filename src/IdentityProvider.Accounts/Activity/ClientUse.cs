using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Accounts.Activity;

/// <summary>What a client was given by an account.</summary>
/// <param name="ClientId">The client.</param>
/// <param name="Scope">Of the grants that stand; empty when none does.</param>
/// <param name="Since">When the oldest grant that is known began.</param>
/// <param name="LastUsedAt">Last time tokens were issued.</param>
/// <param name="IsStanding">Whether the client can still use what it was given.</param>
public sealed record ClientUse(string ClientId, ScopeSet Scope, DateTimeOffset Since, DateTimeOffset LastUsedAt, bool IsStanding);
