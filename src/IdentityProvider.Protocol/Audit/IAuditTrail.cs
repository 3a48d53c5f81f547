namespace IdentityProvider.Protocol.Audit;

/// <summary>The append-only trail of security events.</summary>
public interface IAuditTrail
{
    /// <summary>Durable before it answers.</summary>
    Task AppendAsync(AuditEvent entry, CancellationToken cancellationToken);
}
