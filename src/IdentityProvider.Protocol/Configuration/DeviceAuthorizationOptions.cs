namespace IdentityProvider.Protocol.Configuration;

/// <summary>The device flow (RFC 8628): section <c>IdentityProvider:DeviceAuthorization</c>. Seconds on the wire and in files.</summary>
public sealed class DeviceAuthorizationOptions
{
    /// <summary>
    /// How long a person has to enter the code. Default 10 minutes; from 1 to 30 minutes. The longer it is, the more guesses a code takes
    /// (RFC 8628 §5.1).
    /// </summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary><c>interval</c>: how long a device waits between two polls. Default 5 seconds; from 1 to 30 seconds.</summary>
    public TimeSpan PollingInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long ago the person may have signed in who connects a device; who did before that signs in again. Default 15 minutes; from 1
    /// minute to 24 hours. A client's <c>default_max_age</c> asks for less.
    /// </summary>
    public TimeSpan MaxSignInAge { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    public IEnumerable<string> Validate()
    {
        if (CodeLifetime < TimeSpan.FromMinutes(1) || CodeLifetime > TimeSpan.FromMinutes(30))
        {
            yield return "DeviceAuthorization:code_lifetime must be from 60 to 1800 seconds.";
        }

        if (PollingInterval < TimeSpan.FromSeconds(1) || PollingInterval > TimeSpan.FromSeconds(30))
        {
            yield return "DeviceAuthorization:polling_interval must be from 1 to 30 seconds.";
        }

        if (MaxSignInAge < TimeSpan.FromMinutes(1) || MaxSignInAge > TimeSpan.FromDays(1))
        {
            yield return "DeviceAuthorization:max_sign_in_age must be from 60 to 86400 seconds.";
        }
    }
}
