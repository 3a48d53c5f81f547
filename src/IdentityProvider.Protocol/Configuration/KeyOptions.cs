using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Configuration;

/// <summary>The key ring: section <c>IdentityProvider:Keys</c>. Seconds in files (<c>rotation_interval</c> ...).</summary>
public sealed class KeyOptions
{
    /// <summary>
    /// What an announcement lasts beyond the longest time a JWK Set may be cached: until the last node has polled the ring, and a little
    /// for clocks that differ.
    /// </summary>
    public static readonly TimeSpan AnnouncementMargin = TimeSpan.FromMinutes(5);

    /// <summary>The longest life of anything we sign, 24 hours (<see cref="TokenOptions"/>), and an hour for clocks.</summary>
    public static readonly TimeSpan LeastRetention = TimeSpan.FromHours(25);

    // 64 KiB and 100 keys are what careful readers take of a JWK Set; one RSA key is about 450 bytes.
    private const int MostPublishedKeys = 60;

    /// <summary>Signature algorithms a key is kept ready for, the default first. Default RS256, ES256, PS256. Each has a key of its own.</summary>
    public IList<string> Algorithms { get; set; } = [SigningAlgorithm.RS256.Name, SigningAlgorithm.ES256.Name, SigningAlgorithm.PS256.Name];

    /// <summary>Bits of new RSA keys: 2048 (default), 3072 or 4096. A signature of 3072 bits costs about 7 times as much.</summary>
    public int RsaKeySize { get; set; } = 2048;

    /// <summary>How long a key signs, seals or makes MACs before another takes over. Default 90 days; from twice the announcement to 400 days.</summary>
    public TimeSpan RotationInterval { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a key stands in the JWK Set before it signs. Default 24 hours, because many resource servers cache longer than they are
    /// told to, and because a clock that is an hour off must do no harm; more than <see cref="JwksMaxAge"/> plus 5 minutes, at most 30 days.
    /// </summary>
    public TimeSpan AnnouncementTime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// <c>max-age</c> the JWK Set is served with. Default 1 hour; from 1 minute to 24 hours. After lowering it, rotate by hand only when the
    /// old value has passed: caches keep what they were told.
    /// </summary>
    public TimeSpan JwksMaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long a key that signs no more is published and accepted: the longest life of a token (24 hours) and then the time in which its
    /// ID tokens are still good as <c>id_token_hint</c>. Default 31 days; from 25 hours to 400 days.
    /// </summary>
    public TimeSpan SigningKeyRetention { get; set; } = TimeSpan.FromDays(31);

    /// <summary>The master key: 32 random bytes in base64, best given as environment variable. Null when it comes from a file.</summary>
    public string? MasterKey { get; set; }

    /// <summary>File with the master key, in base64 or as 32 raw bytes; a relative path starts at the data folder.</summary>
    public string? MasterKeyFile { get; set; }

    /// <summary>A master key that is no longer used but still opens what <c>keys rewrap</c> has not wrapped again. Base64.</summary>
    public string? PreviousMasterKey { get; set; }

    /// <summary>As <see cref="PreviousMasterKey"/>, in a file.</summary>
    public string? PreviousMasterKeyFile { get; set; }

    /// <summary>
    /// Whether <see cref="MasterKeyFile"/> is made, readable by its owner only, when it is missing and the ring has no keys yet. Default
    /// false; true in Development.
    /// </summary>
    public bool CreateMissingMasterKey { get; set; }

    /// <summary>Every problem, one line each; empty when all is well. Whether the master key opens the ring is seen at start.</summary>
    public IEnumerable<string> Validate() => ValidateAlgorithms().Concat(ValidateTimes()).Concat(ValidateMasterKey());

    private IEnumerable<string> ValidateAlgorithms()
    {
        if (Algorithms.Count == 0)
        {
            yield return "Keys:algorithms must name at least one algorithm.";
        }

        foreach (var name in Algorithms.Where(name => SigningAlgorithm.Find(name) is null))
        {
            yield return $"Keys:algorithms: {name} is not one of {string.Join(", ", SigningAlgorithm.All)}.";
        }

        if (Algorithms.Distinct(StringComparer.Ordinal).Count() != Algorithms.Count)
        {
            yield return "Keys:algorithms names an algorithm twice.";
        }

        if (RsaKeySize is not (2048 or 3072 or 4096))
        {
            yield return "Keys:rsa_key_size must be 2048, 3072 or 4096.";
        }
    }

    private IEnumerable<string> ValidateTimes()
    {
        static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
        if (!Within(JwksMaxAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(1)))
        {
            yield return "Keys:jwks_max_age must be from 60 to 86400 seconds.";
        }

        if (!Within(AnnouncementTime, JwksMaxAge + AnnouncementMargin, TimeSpan.FromDays(30)))
        {
            yield return "Keys:announcement_time must be at least jwks_max_age plus 300 seconds, so that no cache misses a new key, and at most 30 days.";
        }

        if (!Within(RotationInterval, 2 * AnnouncementTime, TimeSpan.FromDays(400)))
        {
            yield return "Keys:rotation_interval must be from twice announcement_time to 400 days.";
        }

        if (!Within(SigningKeyRetention, LeastRetention, TimeSpan.FromDays(400)))
        {
            yield return "Keys:signing_key_retention must be from 90000 seconds (the longest token lifetime and an hour) to 400 days.";
        }

        if (RotationInterval > TimeSpan.Zero && Algorithms.Count * ((SigningKeyRetention / RotationInterval) + 2) > MostPublishedKeys)
        {
            yield return $"Keys: more than {MostPublishedKeys} keys would be published; lengthen rotation_interval or shorten signing_key_retention.";
        }
    }

    private IEnumerable<string> ValidateMasterKey()
    {
        const string HowTo = "make one with: openssl rand -base64 32";
        if (MasterKey is null && MasterKeyFile is null)
        {
            yield return $"Keys:master_key_file is missing, and so is Keys:master_key ({HowTo}).";
        }

        if (MasterKey is not null && MasterKeyFile is not null)
        {
            yield return "Keys:master_key contradicts Keys:master_key_file; keep one.";
        }

        if (PreviousMasterKey is not null && PreviousMasterKeyFile is not null)
        {
            yield return "Keys:previous_master_key contradicts Keys:previous_master_key_file; keep one.";
        }

        if (MasterKeyFile is not null && !CreateMissingMasterKey && !File.Exists(MasterKeyFile))
        {
            yield return $"Keys:master_key_file names {MasterKeyFile}, which does not exist: restore it, for nothing else opens the keys of a database that has some. For a new database, {HowTo}.";
        }
    }
}
