using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Keys;

/// <summary>
/// When keys are made, take over, retire and go: pure functions of the ring, the options and the time. Announcing a key writes every date at
/// once, its own and its predecessor's, so the switch itself needs no write and happens on every node by its clock.
/// </summary>
internal static class KeyRotationRules
{
    /// <summary>
    /// How long sealing and MAC keys are kept after they retired: a refresh token or a cookie lives at most 400 days, and a day for clocks.
    /// </summary>
    public static readonly TimeSpan SecretRetention = TimeSpan.FromDays(401);

    /// <summary>How long a removed key's row stays, so that a clock that jumped ahead destroys nothing before somebody notices.</summary>
    private static readonly TimeSpan RowRetention = TimeSpan.FromDays(1);

    /// <summary>The kinds of keys the ring must have, the default signing algorithm first.</summary>
    public static IReadOnlyList<KeyKind> WantedKinds(KeyOptions options) =>
    [
        .. options.Algorithms.Select(name => new KeyKind(KeyPurposes.Signing, name)),
        new KeyKind(KeyPurposes.Sealing, KeyAlgorithms.Sealing),
        new KeyKind(KeyPurposes.Mac, KeyAlgorithms.Mac),
    ];

    /// <summary>The key of pairwise subjects: made once, never replaced, retired or removed.</summary>
    private static readonly KeyKind SubjectKind = new(KeyPurposes.Subject, KeyAlgorithms.Mac);

    /// <summary>What must change now; empty most of the time.</summary>
    public static KeyRingChange FindDue(IReadOnlyList<KeyRecord> records, KeyOptions options, DateTimeOffset now)
    {
        var change = new KeyRingChange();
        var wanted = WantedKinds(options);
        var isNewRing = records.All(record => !IsRotated(record));
        foreach (var kind in wanted)
        {
            var keys = Living(records, kind, now);
            if (keys.Count == 0)
            {
                // Resource servers may hold a JWK Set without the new key, unless this is the very first one.
                var isFirst = isNewRing || !kind.IsSigning;
                change.Create(kind, isFirst ? now : now + options.JwksMaxAge + KeyOptions.AnnouncementMargin);
            }
            else if (SuccessorDue(keys[^1], options) <= now || IsLeftWithoutSuccessor(keys))
            {
                Announce(change, keys, options, now, keys[^1].ActivatesAt + options.RotationInterval);
            }
        }

        if (!records.Any(SubjectKind.Matches))
        {
            change.Create(SubjectKind, now);
        }

        foreach (var record in records.Where(IsKnown))
        {
            FindEnd(change, record, wanted, options, now);
        }

        return change;
    }

    /// <summary>The same announcement as <see cref="FindDue"/> makes, before its time. Nothing when a successor is announced already.</summary>
    public static KeyRingChange Rotate(IReadOnlyList<KeyRecord> records, string? algorithm, KeyOptions options, DateTimeOffset now)
    {
        var change = new KeyRingChange();
        foreach (var kind in WantedKinds(options).Where(kind => algorithm is null || string.Equals(kind.Algorithm, algorithm, StringComparison.Ordinal)))
        {
            var keys = Living(records, kind, now);
            if (keys.Count > 0 && keys[^1].PhaseAt(now) == KeyPhase.Active)
            {
                Announce(change, keys, options, now, now + options.AnnouncementTime);
            }
        }

        return change;
    }

    /// <summary>
    /// Takes a key out at once: neither published nor accepted from now on. When it was the active one, its announced successor or else a
    /// new key takes over at once, before caches know it: a token nobody can verify for an hour is better than one that anybody can make.
    /// Null when there is no such key.
    /// </summary>
    public static KeyRingChange? Compromise(IReadOnlyList<KeyRecord> records, string id, DateTimeOffset now)
    {
        var compromised = records.FirstOrDefault(record => string.Equals(record.Id, id, StringComparison.Ordinal) && IsRotated(record));
        if (compromised is null || compromised.PhaseAt(now) == KeyPhase.Removed)
        {
            return null;
        }

        var change = new KeyRingChange();
        var kind = new KeyKind(compromised.Purpose, compromised.Algorithm);
        var phase = compromised.PhaseAt(now);
        var others = Living(records, kind, now).Where(record => !ReferenceEquals(record, compromised)).ToArray();
        if (phase == KeyPhase.Announced && others is [{ } active, ..])
        {
            // The active one was to end for it, and goes on until the next announcement.
            change.Replace(active with { RetiresAt = null, RemovesAt = null });
        }
        else if (phase == KeyPhase.Active && others is [{ } announced, ..])
        {
            change.Replace(announced with { ActivatesAt = announced.CreatedAt });
        }
        else if (phase != KeyPhase.Retired)
        {
            change.Create(kind, now);
        }

        // In the past, so that it is gone on nodes whose clocks are behind, and stays so when a clock is set back.
        var end = now - ClockLimits.Setback;
        change.Replace(compromised with { RetiresAt = phase == KeyPhase.Retired ? compromised.RetiresAt : end, RemovesAt = end });
        return change;
    }

    /// <summary>The dates of a key that are still to come.</summary>
    public static IEnumerable<PlannedKeyEvent> FindPlanned(KeyRecord record, KeyOptions options, DateTimeOffset now)
    {
        if (!IsRotated(record))
        {
            yield break;
        }

        var phase = record.PhaseAt(now);
        if (phase == KeyPhase.Announced)
        {
            yield return new PlannedKeyEvent(record.ActivatesAt, record, KeyEvent.Activated);
        }

        if (record.RetiresAt is null && WantedKinds(options).Any(kind => kind.Matches(record)))
        {
            yield return new PlannedKeyEvent(SuccessorDue(record, options), record, KeyEvent.SuccessorAnnounced);
        }

        if (record.RetiresAt > now)
        {
            yield return new PlannedKeyEvent(record.RetiresAt.Value, record, KeyEvent.Retired);
        }

        if (record.RemovesAt > now)
        {
            yield return new PlannedKeyEvent(record.RemovesAt.Value, record, KeyEvent.Removed);
        }
    }

    /// <summary>Whether the key has successors. Data protection decides over its own; the key of subjects must never change.</summary>
    public static bool IsRotated(KeyRecord record) => record.Purpose is not (KeyPurposes.DataProtection or KeyPurposes.Subject);

    /// <summary>Whether this version may decide over the key; a newer one that runs beside us may have kinds of its own.</summary>
    private static bool IsKnown(KeyRecord record) => record.Purpose switch
    {
        KeyPurposes.Signing => SigningAlgorithm.Find(record.Algorithm) is not null,
        KeyPurposes.Sealing => record.Algorithm is KeyAlgorithms.Sealing,
        KeyPurposes.Mac => record.Algorithm is KeyAlgorithms.Mac,
        _ => false,
    };

    // Active and announced keys, the one that takes over last at the end.
    private static List<KeyRecord> Living(IReadOnlyList<KeyRecord> records, KeyKind kind, DateTimeOffset now) =>
    [
        .. records
            .Where(record => kind.Matches(record) && record.PhaseAt(now) is KeyPhase.Active or KeyPhase.Announced)
            .OrderBy(record => record.ActivatesAt)
            .ThenBy(record => record.Id, StringComparer.Ordinal),
    ];

    private static DateTimeOffset SuccessorDue(KeyRecord record, KeyOptions options) =>
        record.ActivatesAt + options.RotationInterval - options.AnnouncementTime;

    // An algorithm that was taken out of the options has a last key with an end; put back in, it needs a successor again.
    private static bool IsLeftWithoutSuccessor(List<KeyRecord> keys) => keys[^1].RetiresAt is not null;

    private static void Announce(KeyRingChange change, List<KeyRecord> keys, KeyOptions options, DateTimeOffset now, DateTimeOffset wish)
    {
        var earliest = now + options.AnnouncementTime;
        var takeOver = wish > earliest ? wish : earliest;
        foreach (var key in keys.Where(key => key.RetiresAt is null || ReferenceEquals(key, keys[^1])))
        {
            change.Replace(EndAt(key, takeOver, options));
        }

        change.Create(new KeyKind(keys[0].Purpose, keys[0].Algorithm), takeOver);
    }

    private static void FindEnd(KeyRingChange change, KeyRecord record, IReadOnlyList<KeyKind> wanted, KeyOptions options, DateTimeOffset now)
    {
        if (record.RemovesAt + RowRetention <= now)
        {
            change.Remove(record);
        }
        else if (record.RetiresAt is null
            && record.ActivatesAt + options.RotationInterval <= now
            && !wanted.Any(kind => kind.Matches(record)))
        {
            change.Replace(EndAt(record, now, options));
        }
    }

    private static KeyRecord EndAt(KeyRecord record, DateTimeOffset end, KeyOptions options)
    {
        var isSigning = string.Equals(record.Purpose, KeyPurposes.Signing, StringComparison.Ordinal);
        return record with { RetiresAt = end, RemovesAt = end + (isSigning ? options.SigningKeyRetention : SecretRetention) };
    }
}
