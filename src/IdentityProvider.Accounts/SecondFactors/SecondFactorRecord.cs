using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>What happens to second factors: always in the audit trail, and told by mail where its person has to know of it.</summary>
public sealed class SecondFactorRecord(IAuditTrail audit, SecurityNotices notices, TimeProvider clock)
{
    /// <param name="account">Whose.</param>
    /// <param name="type">A name of <see cref="AuditEventTypes"/>.</param>
    /// <param name="method">Which factor: a name of <see cref="Protocol.Sessions.SignInMethods"/>, which the mail names, too.</param>
    /// <param name="remoteAddress">From where.</param>
    /// <param name="notice">Which mail; null for none.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task NoteAsync(
        Account account, string type, string? method, string? remoteAddress, AccountMailKind? notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var entry = new AuditEvent
        {
            Type = type,
            At = clock.GetUtcNow(),
            Subject = account.Id,
            RemoteAddress = remoteAddress,
            Detail = method,
        };
        return Task.WhenAll(
            audit.AppendAsync(entry, cancellationToken),
            notice is { } kind ? notices.TellAsync(kind, account, method, cancellationToken) : Task.CompletedTask);
    }
}
