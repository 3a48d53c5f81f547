using IdentityProvider.Protocol.Attempts;
using IdentityProvider.Redis.Attempts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IdentityProvider.Redis;

/// <summary>Puts Redis in front of the database.</summary>
public static class RedisRegistration
{
    /// <summary>Key of the service that counts when Redis does not.</summary>
    internal const string Database = "database";

    /// <summary>
    /// Counts attempts in Redis. To be called after the stores of the database were added, which stay behind it. <see cref="RedisClient.RunAsync"/>
    /// has to run.
    /// </summary>
    public static IServiceCollection AddRedis(this IServiceCollection services, RedisOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        var database = services.Last(service => service.ServiceType == typeof(IAttemptStore));
        services.Remove(database);
        services.Add(database switch
        {
            { ImplementationType: { } type } => ServiceDescriptor.KeyedSingleton(typeof(IAttemptStore), Database, type),
            { ImplementationInstance: { } instance } => ServiceDescriptor.KeyedSingleton(typeof(IAttemptStore), Database, instance),
            _ => throw new InvalidOperationException("the attempts of the database are registered in a way that is not known here"),
        });
        services.TryAddSingleton(options);
        return services.AddSingleton<RedisClient>().AddSingleton<IAttemptStore, RedisAttemptStore>();
    }
}
