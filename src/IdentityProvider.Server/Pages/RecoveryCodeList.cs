namespace IdentityProvider.Server.Pages;

/// <summary>Recovery codes, shown this one time.</summary>
/// <param name="Codes">As they are typed.</param>
/// <param name="NextAddress">Where the person goes on to.</param>
internal sealed record RecoveryCodeList(IReadOnlyList<string> Codes, string NextAddress);
