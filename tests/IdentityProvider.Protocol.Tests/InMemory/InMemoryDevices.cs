using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.DeviceAuthorization;

namespace IdentityProvider.Protocol.Tests.InMemory;

/// <summary>Waiting devices under one lock: the same promises as the database.</summary>
internal sealed class InMemoryDevices(IConsentStore consents, InMemoryAudit audit) : IDeviceAuthorizationStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Guid> _userCodes = new(StringComparer.Ordinal);

    public Dictionary<Guid, WaitingDevice> Devices { get; } = [];

    public int Writes { get; private set; }

    /// <summary>So many of the next user codes are told as taken.</summary>
    public int TakenCodes { get; set; }

    public Task<bool> TryAddAsync(WaitingDevice device, ReadOnlyMemory<byte> userCodeHash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Writes++;
            if (TakenCodes-- > 0 || !_userCodes.TryAdd(Convert.ToHexString(userCodeHash.Span), device.Id))
            {
                return Task.FromResult(false);
            }

            Devices.Add(device.Id, device);
            return Task.FromResult(true);
        }
    }

    public Task<WaitingDevice?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(Devices.GetValueOrDefault(id));
        }
    }

    public Task<WaitingDevice?> FindByUserCodeAsync(ReadOnlyMemory<byte> userCodeHash, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(
                _userCodes.TryGetValue(Convert.ToHexString(userCodeHash.Span), out var id) ? Devices.GetValueOrDefault(id) : null);
        }
    }

    public Task RaiseIntervalAsync(Guid id, TimeSpan current, TimeSpan raised, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Writes++;
            if (Devices[id] is { Decision: null } device && device.Interval == current)
            {
                Devices[id] = device with { Interval = raised };
            }
        }

        return Task.CompletedTask;
    }

    public async Task<bool> TryApproveAsync(
        Guid id, string clientId, DeviceDecision.Approved approval, AuditEvent entry, CancellationToken cancellationToken)
    {
        if (!Decide(id, approval, entry))
        {
            return false;
        }

        await consents.AllowAsync(approval.Subject, clientId, approval.Scope, entry, cancellationToken);
        return true;
    }

    public Task<bool> TryDenyAsync(Guid id, AuditEvent entry, CancellationToken cancellationToken) =>
        Task.FromResult(Decide(id, new DeviceDecision.Denied(), entry));

    private bool Decide(Guid id, DeviceDecision decision, AuditEvent entry)
    {
        lock (_lock)
        {
            Writes++;
            if (!Devices.TryGetValue(id, out var device) || !device.IsPending(entry.At))
            {
                return false;
            }

            Devices[id] = device with { Decision = decision };
            audit.Events.Enqueue(entry);
            return true;
        }
    }
}

/// <summary>Counters under one lock.</summary>
internal sealed class InMemoryAttempts : IAttemptStore
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public Task<CountedAttempt?> TryCountAsync(AttemptCounter counter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var name = Convert.ToHexString(counter.Key.Span);
            var count = _counts.GetValueOrDefault(name);
            if (count >= counter.Most)
            {
                return Task.FromResult<CountedAttempt?>(null);
            }

            _counts[name] = count + 1;
            return Task.FromResult<CountedAttempt?>(new CountedAttempt(counter.Key, IsInCache: false));
        }
    }

    public Task TakeBackAsync(IReadOnlyCollection<CountedAttempt> attempts, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            foreach (var name in attempts.Select(attempt => Convert.ToHexString(attempt.Key.Span)))
            {
                _counts[name] = Math.Max(0, _counts.GetValueOrDefault(name) - 1);
            }
        }

        return Task.CompletedTask;
    }
}
