namespace IdentityProvider.Protocol.Configuration;

/// <summary>
/// How long a browser stays signed in: section <c>IdentityProvider:Sessions</c>. Seconds in files (<c>idle_lifetime</c> ...). A password alone
/// is AAL1, which NIST SP 800-63B-4 §2.1.3 lets stand for 30 days; who relies on two factors sets one hour idle and 24 hours absolute (§2.2.3).
/// </summary>
public sealed class SessionOptions
{
    /// <summary>How long an ordinary session may lie unused. Default 8 hours; from 5 minutes to the absolute lifetime.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromHours(8);

    /// <summary>When an ordinary session ends whatever happens. Default 24 hours; at most 30 days.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a session with "keep me signed in" may lie unused. Default 14 days; from 5 minutes to its absolute lifetime.</summary>
    public TimeSpan PersistentIdleLifetime { get; set; } = TimeSpan.FromDays(14);

    /// <summary>When a session with "keep me signed in" ends whatever happens. Default 30 days; at most 400 days, what browsers keep a cookie for.</summary>
    public TimeSpan PersistentAbsoluteLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>Whether the sign-in page offers "keep me signed in". Default true.</summary>
    public bool AllowPersistent { get; set; } = true;

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        static bool Within(TimeSpan value, TimeSpan least, TimeSpan most) => value >= least && value <= most;
        var least = TimeSpan.FromMinutes(5);
        if (!Within(AbsoluteLifetime, least, TimeSpan.FromDays(30)))
        {
            yield return "Sessions:absolute_lifetime must be from 300 seconds to 30 days.";
        }

        if (!Within(IdleLifetime, least, AbsoluteLifetime))
        {
            yield return "Sessions:idle_lifetime must be from 300 seconds to absolute_lifetime.";
        }

        if (!Within(PersistentAbsoluteLifetime, least, TimeSpan.FromDays(400)))
        {
            yield return "Sessions:persistent_absolute_lifetime must be from 300 seconds to 400 days.";
        }

        if (!Within(PersistentIdleLifetime, least, PersistentAbsoluteLifetime))
        {
            yield return "Sessions:persistent_idle_lifetime must be from 300 seconds to persistent_absolute_lifetime.";
        }
    }
}
