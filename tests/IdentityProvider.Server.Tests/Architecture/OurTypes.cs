using System.Reflection;
using System.Runtime.CompilerServices;
using IdentityProvider.Accounts;
using IdentityProvider.Admin.Declared;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Redis;
using IdentityProvider.Server.Composition;
using IdentityProvider.Storage;

namespace IdentityProvider.Server.Tests.Architecture;

/// <summary>All types of the product that somebody wrote.</summary>
internal static class OurTypes
{
    private static readonly Assembly[] Assemblies =
    [
        typeof(Client).Assembly, typeof(Account).Assembly, typeof(DeclaredClient).Assembly, typeof(StorageOptions).Assembly, typeof(RedisOptions).Assembly,
        typeof(StartArguments).Assembly,
    ];

    public static IReadOnlyList<Type> All { get; } =
    [
        .. Assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.GetCustomAttribute<CompilerGeneratedAttribute>() is null && !type.Name.Contains('<', StringComparison.Ordinal)),
    ];
}
