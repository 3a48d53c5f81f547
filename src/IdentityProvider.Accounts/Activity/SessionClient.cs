namespace IdentityProvider.Accounts.Activity;

/// <summary>A client that was signed in to in a session.</summary>
public sealed record SessionClient(Guid SessionId, string ClientId);
