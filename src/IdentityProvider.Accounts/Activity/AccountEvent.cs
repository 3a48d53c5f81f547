using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.Activity;

/// <summary>An event of the audit trail with its place in it.</summary>
/// <param name="Id">A version 7 UUID of the event's time: its order.</param>
/// <param name="Event">What happened.</param>
public sealed record AccountEvent(Guid Id, AuditEvent Event);
