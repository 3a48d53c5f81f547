using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Protocol.Keys;

/// <summary>The key ring and what works on it. Needs <see cref="IKeyStore"/>, the audit trail, a clock and the options.</summary>
public static class KeyRegistration
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return services
            .AddSingleton<KeyRing>()
            .AddSingleton<ISigningKeys>(provider => provider.GetRequiredService<KeyRing>())
            .AddSingleton<KeyRotation>()
            .AddSingleton<ISealing, Sealing>()
            .AddSingleton<StatusListPublisher>()
            .AddSingleton<DataProtectionDocuments>();
    }
}
