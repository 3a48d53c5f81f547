using IdentityProvider.Protocol.Keys;
using IdentityProvider.Server.Workers;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Composition;

/// <summary>The key ring, the worker that moves it on, and data protection under it.</summary>
internal static class KeyRingRegistration
{
    /// <summary>Part of what data protection derives its keys from; the same on every node and in every version.</summary>
    private const string ApplicationName = "IdentityProvider";

    public static IServiceCollection AddKeyRing(this IServiceCollection services)
    {
        services.AddKeys();
        services.AddHostedService<KeyRotationWorker>();
        services.AddDataProtection().SetApplicationName(ApplicationName);
        return services
            .AddSingleton<DataProtectionKeys>()
            .AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => provider.GetRequiredService<DataProtectionKeys>());
    }
}
