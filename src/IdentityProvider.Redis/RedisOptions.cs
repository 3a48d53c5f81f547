namespace IdentityProvider.Redis;

/// <summary>
/// Redis, or a server that speaks its protocol such as Valkey, in front of the database: section <c>IdentityProvider:Redis</c>. It counts attempts
/// for the limits, and nothing else. Losing it costs speed, not safety.
/// </summary>
public sealed class RedisOptions
{
    /// <summary>
    /// <c>host:port</c> of one primary and, where there are any, of the replicas that may take its place; the first that answers
    /// and is a primary is used. Without a port 6379. Default none: no Redis.
    /// </summary>
    public IReadOnlyList<string> Addresses { get; set; } = [];

    /// <summary>Of the access control list (Redis 6 and newer); default none, for the default user.</summary>
    public string? UserName { get; set; }

    /// <summary>Default none. Better in an environment variable than in a file.</summary>
    public string? Password { get; set; }

    /// <summary>Number of the database. Default 0.</summary>
    public int Database { get; set; }

    /// <summary>
    /// What every key begins with, so that several can share a server. Default <c>idp:</c>; 1 to 64 visible ASCII characters.
    /// All nodes need the same.
    /// </summary>
    public string KeyPrefix { get; set; } = "idp:";

    /// <summary>Default off, which is for this machine only. The certificate must bear the name in <c>addresses</c>.</summary>
    public bool Tls { get; set; }

    /// <summary>PEM file of the authorities that are trusted instead of the machine's; default none.</summary>
    public string? CaFile { get; set; }

    /// <summary>PEM file of the certificate that we show where the server wants one, then its intermediates; default none.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>PEM file of its private key.</summary>
    public string? CertificateKeyFile { get; set; }

    /// <summary>
    /// Whether a server on another machine may be used without TLS, over a network that is protected otherwise. What
    /// travels is a password, and counters that whoever can change them can set to nothing. Default only in Development.
    /// </summary>
    public bool? AllowUnencrypted { get; set; }

    /// <summary>From the first packet until the server is ready for commands. Nobody waits for it. Default 5 seconds; from 1 to 60.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long somebody waits for an answer before the database is asked, and the connection given up. Default 250
    /// milliseconds; from 10 to 10000.
    /// </summary>
    public int CommandTimeoutMs { get; set; } = 250;

    internal bool IsConfigured => Addresses.Count > 0;

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate() => IsConfigured ? [.. ValidateServer(), .. ValidateTls(), .. ValidateTimeouts()] : [];

    private IEnumerable<string> ValidateServer()
    {
        foreach (var (index, _) in Addresses.Index().Where(address => RedisAddress.Parse(address.Item) is null))
        {
            // It is not repeated: as others write an address, a password is in it (redis://user:password@host; host:6379,password=…).
            yield return $"Redis:addresses:{index} must be host:port, such as redis.example.com:6379.";
        }

        if (Addresses.Count > 16)
        {
            yield return "Redis:addresses must hold at most 16.";
        }

        if (UserName is not null && Password is null)
        {
            yield return "Redis:user_name needs Redis:password.";
        }

        if (Database is < 0 or > 65535)
        {
            yield return "Redis:database must be from 0 to 65535.";
        }

        if (KeyPrefix.Length is 0 or > 64 || KeyPrefix.Any(letter => letter is <= ' ' or > '~'))
        {
            yield return "Redis:key_prefix must have 1 to 64 visible ASCII characters.";
        }
    }

    private IEnumerable<string> ValidateTls()
    {
        var far = Addresses.Select(RedisAddress.Parse).FirstOrDefault(address => address is { IsLoopback: false });
        if (!Tls && AllowUnencrypted != true && far is not null)
        {
            yield return $"Redis:tls must be true: {far} is another machine. Redis:allow_unencrypted is for networks that are protected otherwise.";
        }

        if (!Tls && (CaFile ?? CertificateFile ?? CertificateKeyFile) is not null)
        {
            yield return "Redis:ca_file, Redis:certificate_file and Redis:certificate_key_file need Redis:tls.";
        }

        if ((CertificateFile is null) != (CertificateKeyFile is null))
        {
            yield return "Redis:certificate_file and Redis:certificate_key_file go together.";
        }
        else if (Tls && RedisTrust.FindProblem(this) is { } problem)
        {
            yield return problem;
        }
    }

    private IEnumerable<string> ValidateTimeouts()
    {
        if (ConnectTimeout < TimeSpan.FromSeconds(1) || ConnectTimeout > TimeSpan.FromSeconds(60))
        {
            yield return "Redis:connect_timeout must be from 1 to 60 seconds.";
        }

        if (CommandTimeoutMs is < 10 or > 10_000)
        {
            yield return "Redis:command_timeout_ms must be from 10 to 10000.";
        }
    }
}
