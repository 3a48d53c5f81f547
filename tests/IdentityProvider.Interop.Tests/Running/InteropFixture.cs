using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IdentityProvider.EndToEnd.Tests.Browser;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Playwright;

namespace IdentityProvider.Interop.Tests.Running;

/// <summary>
/// The server as in production, behind Apache that ends TLS, with the clients of clients.json, and a browser for the people. Apache also
/// serves the clients' sites. One for all clients: they share nothing but the server.
/// </summary>
public sealed class InteropFixture : IAsyncLifetime
{
    public const string UserName = "alice";
    public const string Password = "correct horse battery staple";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-interop-");
    private readonly DirectoryInfo _secrets = Directory.CreateTempSubdirectory("idp-interop-secrets-");
    private readonly JsonObject _key = NewKey();
    private ForeignProgram? _apache;
    private ChildProcess? _server;
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal Places Places { get; } = new();

    internal string Issuer => Places.Issuer;

    /// <summary>The secret of every confidential client.</summary>
    internal string Secret { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(24));

    /// <summary>A PEM file with the one certificate of the run, which every client is told to trust.</summary>
    internal string Certificate => Path.Combine(_folder.FullName, "certificate.pem");

    public async Task InitializeAsync()
    {
        if (ForeignClients.FindObstacle() is not null)
        {
            return; // then all tests are skipped
        }

        LetOthersPass(_folder);
        await WriteCertificateAsync();
        await File.WriteAllTextAsync(SettingsFile, Settings().ToJsonString());
        _apache = await Apache.StartAsync(_folder.FullName, _secrets.FullName, Places, Secret);
        _server = await ChildProcess.ListenAsync("dotnet", [.. ServerArguments(), "--urls", Places.Server], ServerEnvironment());
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        foreach (var process in new IAsyncDisposable?[] { _server, _apache })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _folder.Delete(recursive: true);
        _secrets.Delete(recursive: true);
    }

    /// <summary>Somebody with a browser of their own, without cookies.</summary>
    internal async Task<Person> NewPersonAsync()
    {
        return new Person(await Chromium.NewPageAsync(_browser!, new BrowserNewContextOptions { IgnoreHTTPSErrors = true }), Issuer);
    }

    /// <summary>What a client's program is told.</summary>
    internal JsonObject Briefing() => new()
    {
        ["issuer"] = Issuer,
        ["site"] = Places.Site,
        ["secret"] = Secret,
        ["key"] = _key.DeepClone(),
        ["receiverPort"] = Places.Receiver,
    };

    /// <summary>What an operator does with a key that is in wrong hands.</summary>
    internal async Task TakeKeyOutAsync(string kid)
    {
        var (exitCode, output) = await ChildProcess.RunAsync(
            "dotnet", [ServerArguments()[0], "keys", "rotate", "--compromised", kid, .. ServerArguments()[1..]], ServerEnvironment());
        Assert.True(exitCode == 0, output);
    }

    private string SettingsFile => Path.Combine(_secrets.FullName, "settings.json");

    private string[] ServerArguments() =>
        [Repository.AssemblyOf("src/IdentityProvider.Server"), "--config", SettingsFile];

    // The variable of OpenSSL and .NET: the server posts logout tokens to clients of this certificate.
    private Dictionary<string, string> ServerEnvironment() => new(StringComparer.Ordinal)
    {
        ["ASPNETCORE_ENVIRONMENT"] = "Production",
        ["SSL_CERT_FILE"] = Certificate,
    };

    private JsonObject Settings() => new()
    {
        ["IdentityProvider"] = new JsonObject
        {
            [nameof(Issuer)] = Issuer,
            ["DataFolder"] = _secrets.FullName,
            ["Keys"] = new JsonObject { ["master_key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) },
            ["Storage"] = new JsonObject { ["connection_string"] = "Data Source=identity.db", ["migrate_at_start"] = true },
            ["Proxies"] = new JsonObject { ["trusted_proxies"] = new JsonArray("127.0.0.1") },
            ["Outbound"] = new JsonObject { ["allow_private_addresses"] = true, ["timeout"] = 30 },
            ["DeviceAuthorization"] = new JsonObject { ["polling_interval"] = 1 },
            ["Declared"] = new JsonObject
            {
                ["Scopes"] = new JsonArray(new JsonObject { ["name"] = "orders.read" }),
                ["Resources"] = new JsonArray(
                    new JsonObject { ["identifier"] = "https://orders.example", ["scopes"] = new JsonArray("orders.read") }),
                ["Clients"] = Clients(),
                ["Accounts"] = new JsonArray(new JsonObject
                {
                    ["user_name"] = UserName,
                    ["password"] = Password,
                    ["email"] = "alice@example.com",
                    ["email_verified"] = true,
                    ["claims"] = new JsonObject { ["name"] = "Alice Example", ["nickname"] = "Al" },
                }),
            },
        },
    };

    private JsonNode Clients()
    {
        var key = (JsonObject)_key.DeepClone();
        key.Remove("d");
        var text = File.ReadAllText(Path.Combine(ForeignClients.Folder, "clients.json"))
            .Replace("{site}", Places.Site, StringComparison.Ordinal)
            .Replace("{portal}", Places.Portal, StringComparison.Ordinal)
            .Replace("{secret}", Secret, StringComparison.Ordinal)
            .Replace("\"{key}\"", key.ToJsonString(), StringComparison.Ordinal);
        return JsonNode.Parse(text)!;
    }

    private async Task WriteCertificateAsync()
    {
        using var certificate = TestCertificate.Create();
        await File.WriteAllTextAsync(Certificate, certificate.ExportCertificatePem());
        using var key = certificate.GetECDsaPrivateKey()!;
        await File.WriteAllTextAsync(Path.Combine(_secrets.FullName, "certificate.key"), key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Apache that root started serves the pages as somebody else. What is for its owner only stands in the other folder.</summary>
    private static void LetOthersPass(DirectoryInfo folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            folder.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        }
    }

    private static JsonObject NewKey()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        return new JsonObject
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = "interop",
            ["alg"] = "ES256",
            ["x"] = Base64UrlEncoder.Encode(parameters.Q.X),
            ["y"] = Base64UrlEncoder.Encode(parameters.Q.Y),
            ["d"] = Base64UrlEncoder.Encode(parameters.D),
        };
    }
}

/// <summary>One server for all clients; they run one after another.</summary>
[CollectionDefinition(Name)]
public sealed class SharedServer : ICollectionFixture<InteropFixture>
{
    public const string Name = "interop";
}
