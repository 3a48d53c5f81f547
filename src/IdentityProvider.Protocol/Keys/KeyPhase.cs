namespace IdentityProvider.Protocol.Keys;

/// <summary>Where a key of the ring stands in its life. Only the clock moves it on: the dates are written when its successor is announced.</summary>
public enum KeyPhase
{
    /// <summary>Published and accepted, signs nothing yet.</summary>
    Announced,

    /// <summary>Signs, seals or makes MACs.</summary>
    Active,

    /// <summary>Signs no more, is still published and accepted.</summary>
    Retired,

    /// <summary>Neither published nor accepted; its row goes a little later.</summary>
    Removed,
}

/// <summary>Reading a record's dates.</summary>
public static class KeyPhases
{
    /// <summary>
    /// The phase at a time. A key that was never announced (the first of its kind, or an emergency) is active from its making whatever the
    /// clock says, for there is no other.
    /// </summary>
    public static KeyPhase PhaseAt(this KeyRecord record, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.RemovesAt <= now)
        {
            return KeyPhase.Removed;
        }

        if (record.RetiresAt <= now)
        {
            return KeyPhase.Retired;
        }

        return record.ActivatesAt <= now || record.ActivatesAt <= record.CreatedAt ? KeyPhase.Active : KeyPhase.Announced;
    }

    /// <summary>The next time at which the phase changes; null when no date is set.</summary>
    public static DateTimeOffset? NextChange(this KeyRecord record, DateTimeOffset now) => record.PhaseAt(now) switch
    {
        KeyPhase.Announced => record.ActivatesAt,
        KeyPhase.Active => record.RetiresAt ?? record.RemovesAt,
        KeyPhase.Retired => record.RemovesAt,
        _ => null,
    };
}
