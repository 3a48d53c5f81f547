using System.Security.Cryptography;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tests.Keys;
using IdentityProvider.Protocol.Tokens;
using IdentityProvider.Server.Composition;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Tests.Keys;

/// <summary>The services of one node that have to do with keys, over a store in memory.</summary>
internal static class KeyServices
{
    private static readonly string SharedMasterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length));

    public static ServiceProvider Create(InMemoryKeyStore store, TimeProvider clock, Action<KeyOptions>? configure = null) =>
        new ServiceCollection().AddLogging().AddTestKeyRing(store, clock, configure).BuildServiceProvider();

    public static IServiceCollection AddTestKeyRing(
        this IServiceCollection services, InMemoryKeyStore store, TimeProvider clock, Action<KeyOptions>? configure = null)
    {
        var options = new ProtocolOptions { Keys = { MasterKey = SharedMasterKey, Algorithms = ["ES256"] } };
        configure?.Invoke(options.Keys);
        return services
            .AddSingleton(clock)
            .AddSingleton(Options.Create(options))
            .AddSingleton<IKeyStore>(store)
            .AddSingleton<IAuditTrail, NoAudit>()
            .AddSingleton<IStatusListStore>(_ => throw new NotSupportedException())
            .AddKeyRing();
    }

    public static async Task StartAsync(this ServiceProvider services)
    {
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    public static async Task StopAsync(this ServiceProvider services)
    {
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StopAsync(CancellationToken.None);
        }
    }

    private sealed class NoAudit : IAuditTrail
    {
        public Task AppendAsync(AuditEvent entry, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
