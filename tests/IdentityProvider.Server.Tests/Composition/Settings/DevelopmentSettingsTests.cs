using IdentityProvider.Server.Composition.Settings;

namespace IdentityProvider.Server.Tests.Composition.Settings;

/// <summary>The repository's own files, as the server reads them.</summary>
public sealed class DevelopmentSettingsTests
{
    [Fact]
    public void The_shipped_development_settings_are_valid_in_Development()
    {
        var loader = Load("appsettings.json", "appsettings.Development.json");

        var settings = loader.Load(isDevelopment: true, AppContext.BaseDirectory);

        Assert.Empty(loader.Problems);
        Assert.Equal("http://localhost:5080", settings.Protocol.Issuer);
        Assert.Equal(
            ["service-worker", "web-app", "orders-api", "spa", "bff-web", "native-app", "device-cli"],
            settings.Declared.Clients.Select(client => client.ClientId));
        Assert.Equal(["alice", "bob"], settings.Declared.Accounts.Select(account => account.UserName));
    }

    [Fact]
    public void Outside_Development_every_well_known_secret_is_refused_in_one_list()
    {
        var loader = Load("appsettings.json", "appsettings.Development.json");

        loader.Load(isDevelopment: false, AppContext.BaseDirectory);

        var paths = loader.Problems.Select(problem => problem.Path).ToList();
        Assert.Contains("IdentityProvider:Issuer", paths);
        Assert.Contains("IdentityProvider:Declared:Clients:service-worker:client_secret", paths);
        Assert.Contains("IdentityProvider:Declared:Clients:web-app:client_secret", paths);
        Assert.Contains("IdentityProvider:Declared:Clients:orders-api:client_secret", paths);
        Assert.Contains("IdentityProvider:Declared:Clients:bff-web:client_secret", paths);
        Assert.Contains("IdentityProvider:Declared:Accounts:alice:password", paths);
        Assert.Contains("IdentityProvider:Declared:Accounts:bob:password", paths);
    }

    [Fact]
    public void A_well_known_secret_written_as_its_hash_is_refused_too()
    {
        using var folder = new SettingsFolder();
        folder.Section(
            """
            { "Issuer": "https://id.example.com", "Declared": { "Clients": [ {
              "client_id": "x", "grant_types": ["client_credentials"],
              "idp_client_secrets": [ { "sha256": "9a8a3bd0e4f8f2c4f4e4a6df36a4e3fbf8b4ad70ccbd6ad3b0bd51bbdb5bb7f0" }, { "sha256": "HASH" } ] } ] } }
            """.Replace("HASH", HashOf("web-app-development-secret"), StringComparison.Ordinal)).Load();

        Assert.Contains(folder.Problems, problem => problem.Contains("a secret of the samples", StringComparison.Ordinal));
    }

    private static string HashOf(string secret) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));

    private static SettingsLoader Load(params string[] files)
    {
        var loader = new SettingsLoader();
        foreach (var file in files)
        {
            loader.AddFile(Path.Combine(AppContext.BaseDirectory, file), required: true);
        }

        return loader;
    }
}
