namespace IdentityProvider.Protocol.Configuration;

/// <summary>How many wrong secrets clients may present: section <c>IdentityProvider:ClientAuthentication</c>.</summary>
public sealed class ClientAuthenticationOptions
{
    /// <summary><c>failures</c>: wrong secrets for one client id from one address (IPv6: one /64) in a window. Default 20.</summary>
    public int Failures { get; set; } = 20;

    /// <summary><c>failures_per_address</c>: wrong secrets from one address in a window, for all client ids together. Default 200.</summary>
    public int FailuresPerAddress { get; set; } = 200;

    /// <summary><c>window</c>: the window of both. Default 10 minutes; from 1 minute to 1 day.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (Failures is < 1 or > 1_000_000)
        {
            yield return "ClientAuthentication:failures must be from 1 to 1000000.";
        }

        if (FailuresPerAddress is < 1 or > 1_000_000)
        {
            yield return "ClientAuthentication:failures_per_address must be from 1 to 1000000.";
        }

        if (Window < TimeSpan.FromMinutes(1) || Window > TimeSpan.FromDays(1))
        {
            yield return "ClientAuthentication:window must be from 60 to 86400 seconds.";
        }
    }
}
