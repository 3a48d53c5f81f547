using IdentityProvider.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Migrations.Design;

/// <summary>
/// The context as the server makes it, for <c>dotnet ef … -- sqlite</c> or <c>… -- postgresql</c>. Connects to nothing.
/// </summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<IdentityProviderDbContext>
{
    public IdentityProviderDbContext CreateDbContext(string[] args)
    {
        var options = args switch
        {
            ["sqlite"] => new StorageOptions { Provider = StorageProvider.Sqlite, ConnectionString = "Data Source=design.db" },
            ["postgresql"] => new StorageOptions { Provider = StorageProvider.PostgreSql, ConnectionString = "Host=127.0.0.1;Database=design" },
            _ => throw new ArgumentException("say which database after two dashes: -- sqlite or -- postgresql", nameof(args)),
        };
        var services = new ServiceCollection().AddLogging().AddStorage(options).BuildServiceProvider();
        return services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContext();
    }
}
