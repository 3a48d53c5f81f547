namespace IdentityProvider.ResourceServer.Issuer;

/// <summary>A document as it was just fetched, and how long it may be used without asking again.</summary>
internal sealed record Fetched<T>(T Value, TimeSpan FreshFor);
