using System.Collections.Concurrent;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.InMemory;

/// <summary>Grants under one lock: the same promises as the database, so that rules can be tested without one.</summary>
internal sealed class InMemoryGrantStore(InMemoryConsents consents, InMemoryAudit audit) : IGrantStore, IStatusListStore
{
    private readonly Lock _lock = new();
    private readonly HashSet<StatusReference> _revoked = [];
    private int _nextIndex;

    public ConcurrentDictionary<Guid, Grant> Grants { get; } = new();

    public HashSet<Guid> EndedSessions { get; } = [];

    public int Writes { get; private set; }

    public int Reads { get; private set; }

    public Task<GrantOpening> TryOpenAsync(Grant grant, ScopeSet? consented, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Writes++;
            if (EndedSessions.Contains(grant.SessionId)
                || (consented is not null
                    && !(consents.Consents.TryGetValue((grant.Subject, grant.ClientId), out var consent) && consented.IsSubsetOf(consent.Scope))))
            {
                return Task.FromResult(GrantOpening.Withdrawn);
            }

            return Task.FromResult(Grants.TryAdd(grant.Id, grant) ? GrantOpening.Opened : GrantOpening.AlreadyUsed);
        }
    }

    public Task SpendAsync(Grant grant, AuditEvent entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Writes++;
            Grants.TryAdd(grant.Id, grant);
            Revoke(grant.Id, entry.At);
        }

        return audit.AppendAsync(entry, cancellationToken);
    }

    public Task<Grant?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        Reads++;
        return Task.FromResult(Grants.GetValueOrDefault(id));
    }

    public Task<bool> TryRotateAsync(Guid id, long counter, DateTimeOffset now, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Writes++;
            if (!Grants.TryGetValue(id, out var grant) || grant.Counter > counter || !grant.IsLive(now))
            {
                return Task.FromResult(false);
            }

            Grants[id] = grant with { Counter = counter + 1, RotatedAt = now, ExpiresAt = expiresAt };
            return Task.FromResult(true);
        }
    }

    /// <summary>Ends the only grant there is, as its session does.</summary>
    public void End(DateTimeOffset at)
    {
        lock (_lock)
        {
            Revoke(Grants.Keys.Single(), at);
        }
    }

    public Task RevokeAsync(Guid id, AuditEvent entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Writes++;
            Revoke(id, entry.At);
        }

        return audit.AppendAsync(entry, cancellationToken);
    }

    public Task<bool> RenewStatusAsync(
        Guid id, StatusReference current, StatusReference fresh, AuditEvent entry, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Writes++;
            if (!Grants.TryGetValue(id, out var grant) || grant.Status != current)
            {
                return Task.FromResult(false);
            }

            _revoked.Add(current);
            Grants[id] = grant with { Status = fresh };
            audit.Events.Enqueue(entry);
            return Task.FromResult(true);
        }
    }

    public ValueTask<StatusReference> AllocateAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(new StatusReference(1, Interlocked.Increment(ref _nextIndex)));

    public Task<bool> IsRevokedAsync(StatusReference status, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Reads++;
            return Task.FromResult(_revoked.Contains(status));
        }
    }

    public Task<long?> FindVersionAsync(int list, CancellationToken cancellationToken) => Task.FromResult<long?>(_revoked.Count);

    public Task<IReadOnlyList<int>> GetRevokedAsync(int list, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<int>>([.. _revoked.Where(status => status.List == list).Select(status => status.Index)]);

    private void Revoke(Guid id, DateTimeOffset now)
    {
        if (Grants.TryGetValue(id, out var grant) && grant.RevokedAt is null)
        {
            Grants[id] = grant with { RevokedAt = now };
            _revoked.Add(grant.Status);
        }
    }
}
