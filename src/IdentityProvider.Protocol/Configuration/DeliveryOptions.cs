namespace IdentityProvider.Protocol.Configuration;

/// <summary>What is on its way to others, such as mail, text messages and logout notices: section <c>IdentityProvider:Deliveries</c>.</summary>
public sealed class DeliveryOptions
{
    /// <summary>
    /// How long an attempt belongs to the node that began it; one that died with its node is made again after that. Default 3 minutes; from 10
    /// seconds to 10 minutes, and longer than `Mail:timeout` and `Outbound:timeout`, on PostgreSQL by the 90 seconds that the clocks of two nodes
    /// may differ: else what takes long is sent twice.
    /// </summary>
    public TimeSpan AttemptTime { get; set; } = TimeSpan.FromMinutes(3);

    /// <param name="longestExchange">The time limit of the slowest way out.</param>
    /// <param name="mayHaveManyNodes">Whether other nodes, with clocks of their own, may look at the same attempts.</param>
    /// <returns>Every problem, one line each; empty when all is well.</returns>
    public IEnumerable<string> Validate(TimeSpan longestExchange, bool mayHaveManyNodes)
    {
        if (AttemptTime < TimeSpan.FromSeconds(10) || AttemptTime > TimeSpan.FromMinutes(10))
        {
            yield return "Deliveries:attempt_time must be from 10 seconds to 10 minutes.";
        }
        else if (AttemptTime <= longestExchange)
        {
            yield return "Deliveries:attempt_time must be longer than Mail:timeout and Outbound:timeout.";
        }
        else if (mayHaveManyNodes && AttemptTime <= longestExchange + ClockLimits.BetweenNodes)
        {
            yield return "Deliveries:attempt_time must be longer than Mail:timeout and Outbound:timeout by 90 seconds, for clocks of nodes may differ so far.";
        }
    }
}
