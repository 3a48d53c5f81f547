using IdentityProvider.Accounts;
using IdentityProvider.Admin;
using IdentityProvider.Protocol;
using IdentityProvider.Redis;
using IdentityProvider.Server.Composition.Settings;
using IdentityProvider.Server.Endpoints;
using IdentityProvider.Server.Languages;
using IdentityProvider.Server.Mail;
using IdentityProvider.Server.Outbound;
using IdentityProvider.Server.Pages;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.Sms;
using IdentityProvider.Server.Upstream;
using IdentityProvider.Server.Workers;
using IdentityProvider.Storage;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Composition;

/// <summary>Every service of the program: calls what the projects and folders register, one line each.</summary>
internal static class Services
{
    public static IServiceCollection AddServer(this IServiceCollection services, ServerSettings settings)
    {
        services.AddState(settings);
        services.AddKeyRing();
        services.AddProtocol();
        services.AddOutbound();
        services.AddUpstream();
        services.AddMail(settings);
        services.AddSms(settings);
        services.AddProtocolEndpoints();
        services.AddLanguages(settings);
        services.AddHostedPages();
        services.AddPasskeys();
        services.AddHostedService<CatalogWorker>();
        services.AddHostedService<CleanupWorker>();
        services.AddHostedService<DeliveryWorker>();
        services.AddHealth();
        services.AddRedisBeforeDatabase(settings.Get<RedisOptions>());
        services.AddTrustedProxies(settings.Get<ProxyOptions>());
        return services;
    }

    /// <summary>Settings, database and what manages it; enough to look at a database without serving anything.</summary>
    public static IServiceCollection AddState(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSettings(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddStorage(settings.Get<StorageOptions>());
        services.AddAccounts();
        services.AddAdmin();
        return services;
    }

    /// <summary>Where one is configured: its counters, the worker that keeps the connection, and a word about it at <c>/health/ready</c>.</summary>
    private static void AddRedisBeforeDatabase(this IServiceCollection services, RedisOptions options)
    {
        if (options.Addresses.Count > 0)
        {
            services.AddRedis(options);
            services.AddHostedService<RedisWorker>();
            services.AddRedisHealth();
        }
    }

    /// <summary>Every options object, as itself and as <see cref="IOptions{TOptions}"/>. They do not change while the server runs.</summary>
    private static void AddSettings(this IServiceCollection services, ServerSettings settings)
    {
        services.AddSingleton(settings);
        foreach (var (type, options) in settings.All)
        {
            services.AddSingleton(type, options);
            var wrapper = Activator.CreateInstance(typeof(OptionsWrapper<>).MakeGenericType(type), options)!;
            services.AddSingleton(typeof(IOptions<>).MakeGenericType(type), wrapper);
        }
    }
}
