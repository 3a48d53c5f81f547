namespace IdentityProvider.Redis.Connections;

/// <summary>What the command INFO says about a server, as far as it matters here.</summary>
/// <param name="RunId">Drawn anew when the process starts.</param>
/// <param name="ReplicationId">
/// Drawn anew when a replica becomes a primary, and so for the same process when it was a replica in between. Also with the first replica, and when
/// there has been none for an hour.
/// </param>
/// <param name="Role"><c>master</c> or <c>slave</c>.</param>
/// <param name="EvictedKeys">How many keys were deleted for want of memory since then.</param>
/// <param name="IsForgetful">Whether keys are deleted for want of memory.</param>
/// <param name="IsCluster">Whether keys are spread over several.</param>
internal sealed record RedisServerState(string RunId, string ReplicationId, string Role, string EvictedKeys, bool IsForgetful, bool IsCluster)
{
    /// <summary>
    /// As long as it is the same, the server has lost nothing by itself: neither restarted with old data nor deleted any for want of memory. And
    /// no other has counted in its place.
    /// </summary>
    public string Continuity => $"{RunId}.{ReplicationId}.{EvictedKeys}";

    /// <exception cref="RedisOutageException">The answer lacks what is needed.</exception>
    public static RedisServerState Parse(string text)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                fields[line[..colon]] = line[(colon + 1)..];
            }
        }

        string Field(string name) => fields.TryGetValue(name, out var value) && value.Length is > 0 and <= 64 && value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-')
            ? value
            : throw new RedisOutageException($"does not tell {name} by the command INFO, so nobody can say whether it has lost what it counted");

        var isForgetful = Field("maxmemory") is not "0" && Field("maxmemory_policy") is not "noeviction";
        var isCluster = fields.GetValueOrDefault("redis_mode") is "cluster";
        return new RedisServerState(Field("run_id"), Field("master_replid"), Field("role"), Field("evicted_keys"), isForgetful, isCluster);
    }

    /// <summary>Why what is found later does not go on with this; null when it does.</summary>
    public string? FindBreak(RedisServerState later) => string.Equals(Continuity, later.Continuity, StringComparison.Ordinal) ? null
        : string.Equals(EvictedKeys, later.EvictedKeys, StringComparison.Ordinal) ? "has another replication id (fail-over, or its first replica): it begins to count anew"
        : "has deleted keys for want of memory: raise its maxmemory";

    /// <exception cref="RedisOutageException">Nothing can be counted there.</exception>
    public void Check()
    {
        if (Role is not "master")
        {
            throw new RedisOutageException(RedisRefusal.Replica);
        }

        if (IsCluster)
        {
            throw new RedisOutageException(RedisRefusal.Cluster);
        }

        if (IsForgetful)
        {
            throw new RedisOutageException("deletes keys when its memory is full, so that attempts could be made unseen: set maxmemory-policy noeviction");
        }
    }
}
