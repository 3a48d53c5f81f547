using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>Remembered consents, one per subject and client.</summary>
public interface IConsentStore
{
    /// <summary>One read.</summary>
    Task<Consent?> FindAsync(string subject, string clientId, CancellationToken cancellationToken);

    /// <summary>
    /// Adds scopes to what was allowed before, in one statement, so that two tabs that consent at once lose nothing; and writes it down, in the same
    /// transaction. The entry's time is that of the consent.
    /// </summary>
    Task AllowAsync(string subject, string clientId, ScopeSet scope, AuditEvent entry, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the consent and what devices of the client have not fetched yet, ends all grants of the client for the subject and sets their
    /// status bits, and writes it down, in one transaction.
    /// </summary>
    Task WithdrawAsync(string subject, string clientId, AuditEvent entry, CancellationToken cancellationToken);

    Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellationToken);
}
