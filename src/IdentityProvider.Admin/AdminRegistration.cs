using IdentityProvider.Admin.Declared;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Admin;

/// <summary>Management of clients, scopes, resources and accounts.</summary>
public static class AdminRegistration
{
    public static IServiceCollection AddAdmin(this IServiceCollection services) =>
        services.AddSingleton<DeclaredCatalog>().AddSingleton<DeclaredAccountComparison>().AddScoped<DeclaredAccounts>();
}
