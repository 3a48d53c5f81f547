using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Keys;

/// <summary>
/// Moves the ring on: announces successors in time, rotates by hand and in emergencies. Every change is one conditional write, so
/// whatever many nodes do at once happens once.
/// </summary>
public sealed class KeyRotation(KeyRing ring, IAuditTrail audit, TimeProvider clock, IOptions<ProtocolOptions> options, ILogger<KeyRotation> logger)
{
    // More nodes than this would have to win before us, one after another.
    private const int MostAttempts = 16;

    /// <summary>
    /// Takes over what other nodes changed, and makes, announces or deletes what is due. Called at start, when it makes the first keys, and
    /// every few seconds: mostly one cheap read. True when this call changed the ring.
    /// </summary>
    /// <exception cref="KeyRingException">A key cannot be unwrapped, or there is no master key. Nothing was made or changed.</exception>
    public async Task<bool> AdvanceAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        var change = await ChangeAsync(() => KeyRotationRules.FindDue(ring.Records, options.Value.Keys, ring.Now), cancellationToken);
        if (change is { IsEmpty: false })
        {
            await ReportAsync(change, "on schedule", cancellationToken);
        }

        return change is { IsEmpty: false };
    }

    /// <summary>
    /// Announces successors now, which take over when the announcement is over. A kind whose successor is announced already is left alone.
    /// </summary>
    /// <param name="algorithm">A signature algorithm, or a word of <see cref="KeyAlgorithms"/>; null for all.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <returns>The keys that were announced.</returns>
    public async Task<IReadOnlyList<KeyRecord>> RotateAsync(string? algorithm, CancellationToken cancellationToken)
    {
        await AdvanceAsync(cancellationToken);
        var change = await ChangeAsync(() => KeyRotationRules.Rotate(ring.Records, algorithm, options.Value.Keys, ring.Now), cancellationToken);
        if (change is { IsEmpty: false })
        {
            await ReportAsync(change, "by hand", cancellationToken);
        }

        return change is null ? [] : FindMade(change);
    }

    /// <summary>
    /// An emergency: what the key signed, sealed or made MACs for is refused here at once, on other nodes at their next poll, and by
    /// resource servers when their copy of the JWK Set is older than its <c>max-age</c>. Another key takes over at once.
    /// </summary>
    /// <returns>False when the ring has no such key.</returns>
    public async Task<bool> DeclareCompromisedAsync(string id, CancellationToken cancellationToken)
    {
        await AdvanceAsync(cancellationToken);
        var change = await ChangeAsync(() => KeyRotationRules.Compromise(ring.Records, id, ring.Now), cancellationToken);
        if (change is null)
        {
            return false;
        }

        logger.KeyCompromised(id);
        await AppendAsync(AuditEventTypes.KeyCompromised, $"key {id} declared compromised", cancellationToken);
        await ReportAsync(change, "in an emergency", cancellationToken);
        return true;
    }

    /// <summary>
    /// After a backup was restored, which knows nothing of what was used, revoked or compromised since: nothing that was made before is good any more,
    /// and everybody signs in again. The key of pairwise subjects stays.
    /// </summary>
    /// <returns>How many keys are out of use.</returns>
    public async Task<int> DeclareAllCompromisedAsync(CancellationToken cancellationToken)
    {
        await AdvanceAsync(cancellationToken);
        var count = 0;
        foreach (var id in ring.Records.Select(record => record.Id).ToList())
        {
            count += await DeclareCompromisedAsync(id, cancellationToken) ? 1 : 0;
        }

        return count;
    }

    /// <summary>Wraps every key again that another master key wrapped. Until then both must be given on every node.</summary>
    /// <returns>How many were wrapped again.</returns>
    public async Task<int> RewrapAsync(CancellationToken cancellationToken)
    {
        await ring.RefreshAsync(cancellationToken);
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (await ring.TryRewrapAsync(cancellationToken) is { } count)
            {
                logger.KeysRewrapped(count, ring.MasterKeySource);
                return count;
            }
        }

        throw Busy();
    }

    /// <summary>What will happen to the keys in use, the next first.</summary>
    public IReadOnlyList<PlannedKeyEvent> Plan()
    {
        var now = clock.GetUtcNow();
        var plan = new List<PlannedKeyEvent>();
        foreach (var record in ring.Records)
        {
            plan.AddRange(KeyRotationRules.FindPlanned(record, options.Value.Keys, now));
        }

        return [.. plan.OrderBy(planned => planned.At).ThenBy(planned => planned.Key.Algorithm, StringComparer.Ordinal)];
    }

    // Null when there is nothing such a change could be made of.
    private async Task<KeyRingChange?> ChangeAsync(Func<KeyRingChange?> find, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var change = find();
            if (change is null or { IsEmpty: true } || await ring.TryChangeAsync(change, cancellationToken))
            {
                return change;
            }
        }

        throw Busy();
    }

    private async Task ReportAsync(KeyRingChange change, string why, CancellationToken cancellationToken)
    {
        foreach (var made in FindMade(change))
        {
            logger.KeyMade(made.Id, made.Algorithm, made.ActivatesAt);
            await AppendAsync(
                AuditEventTypes.KeyRotated, $"{why}: {made.Purpose} key {made.Id} ({made.Algorithm}) takes over at {made.ActivatesAt:u}", cancellationToken);
        }

        foreach (var record in change.Replaced.Where(record => record.RetiresAt is not null))
        {
            logger.KeyEnds(record.Id, record.Algorithm, record.RetiresAt, record.RemovesAt);
        }

        foreach (var id in change.Removed)
        {
            logger.KeyDeleted(id);
        }
    }

    private IReadOnlyList<KeyRecord> FindMade(KeyRingChange change) =>
        [.. ring.Records.Where(record => change.Created.Any(item => item.Kind.Matches(record) && item.ActivatesAt == record.ActivatesAt))];

    private Task AppendAsync(string type, string detail, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEvent { Type = type, At = clock.GetUtcNow(), Detail = detail }, cancellationToken);

    private static InvalidOperationException Busy() => new("The key ring changed again and again while we tried to change it.");
}

/// <summary>A date in the life of a key.</summary>
/// <param name="At">When.</param>
/// <param name="Key">The key as it is stored now.</param>
/// <param name="Event">What happens then.</param>
public sealed record PlannedKeyEvent(DateTimeOffset At, KeyRecord Key, KeyEvent Event);

/// <summary>What happens to a key.</summary>
public enum KeyEvent
{
    /// <summary>Its successor is made and published.</summary>
    SuccessorAnnounced,

    /// <summary>It takes over.</summary>
    Activated,

    /// <summary>It signs no more.</summary>
    Retired,

    /// <summary>It is no longer published and accepted.</summary>
    Removed,
}
