using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer.Tokens;

/// <summary>One validator, and so one cache of keys and lists, for each authentication scheme.</summary>
internal sealed class AccessTokenValidators(
    IOptionsMonitor<ResourceServerOptions> options, TimeProvider time, ILoggerFactory loggers) : IDisposable
{
    private readonly ConcurrentDictionary<string, Lazy<AccessTokenValidator>> _byScheme = new(StringComparer.Ordinal);

    public AccessTokenValidator For(string scheme) => _byScheme.GetOrAdd(
        scheme,
        name => new Lazy<AccessTokenValidator>(
            () => new AccessTokenValidator(options.Get(name), time, loggers.CreateLogger<AccessTokenValidator>()))).Value;

    public void Dispose()
    {
        foreach (var validator in _byScheme.Values)
        {
            validator.Value.Dispose();
        }
    }
}
