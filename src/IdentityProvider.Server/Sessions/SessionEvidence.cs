namespace IdentityProvider.Server.Sessions;

/// <summary>What a session rests on.</summary>
/// <param name="Methods">Names of <see cref="Protocol.Sessions.SignInMethods"/>.</param>
/// <param name="Amr">RFC 8176 values.</param>
/// <param name="Acr">A value of <see cref="Protocol.Sessions.AcrValues"/>.</param>
/// <param name="AuthTime">When the sign-in was complete; raising it to a higher level leaves the time as it was.</param>
/// <param name="SecurityStamp">The account's when it was proved; empty when it has none.</param>
internal sealed record SessionEvidence(
    IReadOnlyList<string> Methods, IReadOnlyList<string> Amr, string? Acr, DateTimeOffset AuthTime, string SecurityStamp);
