using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>The server as in production, over https, a client's site beside it, and Chromium.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    /// <summary>Of the challenge in <see cref="AuthorizeAddress"/>: RFC 7636 appendix B.</summary>
    public const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-browser-");
    private readonly X509Certificate2 _certificate = TestCertificate.Create();
    private readonly Dictionary<string, PageWalk> _walks = new(StringComparer.Ordinal);
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;
    private ChildProcess _server = null!;
    private NewcomersServer? _newcomers;
    private RunningServer? _broken;

    public string Issuer { get; } = $"https://localhost:{FreePorts.Take()}";

    internal ClientSite Client { get; private set; } = null!;

    /// <summary>Issuers of the further servers that were started.</summary>
    internal IEnumerable<string> Others => new[] { _newcomers?.Issuer, _broken?.Issuer }.OfType<string>();

    public async Task InitializeAsync()
    {
        Client = await ClientSite.StartAsync(_certificate);
        _server = await StartServerAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _server.DisposeAsync();
        await (_newcomers?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_broken?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Client.DisposeAsync();
        _certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>What was found on the way past all pages in one language; walked when somebody needs it first.</summary>
    internal async Task<PageWalk> WalkAsync(string locale) =>
        _walks.TryGetValue(locale, out var walk) ? walk : _walks[locale] = await PageWalk.WalkAsync(this, locale);

    /// <summary>A server in which mail can be read, started when somebody needs it first.</summary>
    internal async Task<NewcomersServer> NewcomersAsync() => _newcomers ??= await NewcomersServer.StartAsync();

    /// <summary>The issuer of a server that cannot read its database any more.</summary>
    internal async Task<string> BrokenAsync()
    {
        if (_broken is null)
        {
            _broken = await RunningServer.StartAsync(KeyValuePair.Create("Accounts:registration", "closed"));
            await _broken.BreakDatabaseAsync();
        }

        return _broken.Issuer;
    }

    /// <summary>Somebody with a browser of their own, without cookies.</summary>
    internal async Task<Visitor> NewVisitorAsync(
        ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 860, bool script = true, string locale = "en")
    {
        var page = await Chromium.NewPageAsync(_browser, new BrowserNewContextOptions
        {
            IgnoreHTTPSErrors = true,
            ColorScheme = colors,
            JavaScriptEnabled = script,
            ViewportSize = new ViewportSize { Width = width, Height = height },
            BaseURL = Issuer,
            Locale = locale,
        });
        return new Visitor(page, this);
    }

    /// <summary>The address of a good authorization request.</summary>
    public string AuthorizeAddress(string client = "shop", string more = "") =>
        $"{Issuer}/connect/authorize?client_id={client}&redirect_uri={Uri.EscapeDataString(Client.Callback)}&response_type=code"
        + "&scope=openid%20profile%20orders.read%20offline_access&state=a%20state&nonce=n"
        + "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256" + more;

    private Task<ChildProcess> StartServerAsync()
    {
        var certificate = Path.Combine(_folder.FullName, "server.pfx");
        File.WriteAllBytes(certificate, _certificate.Export(X509ContentType.Pfx, TestCertificate.Password));
        var settings = Path.Combine(_folder.FullName, "settings.json");
        File.WriteAllText(settings, Settings(certificate).ToJsonString());
        return ChildProcess.ListenAsync(
            "dotnet",
            [Repository.AssemblyOf("src/IdentityProvider.Server"), "--config", settings, "--urls", Issuer],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["ASPNETCORE_ENVIRONMENT"] = "Production" });
    }

    private JsonObject Settings(string certificate) => new()
    {
        ["Kestrel"] = new JsonObject
        {
            ["Certificates"] = new JsonObject
            {
                ["Default"] = new JsonObject { ["Path"] = certificate, ["Password"] = TestCertificate.Password },
            },
        },
        ["IdentityProvider"] = new JsonObject
        {
            [nameof(Issuer)] = Issuer,
            ["DataFolder"] = _folder.FullName,
            ["Keys"] = new JsonObject { ["master_key"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) },
            ["Storage"] = new JsonObject { ["connection_string"] = "Data Source=identity.db", ["migrate_at_start"] = true },
            ["Upstream"] = new JsonArray(new JsonObject
            {
                ["id"] = "elsewhere",
                ["display_name"] = "Elsewhere & Company",
                ["issuer"] = "https://elsewhere.invalid",
                ["client_id"] = "hosted",
                ["client_secret"] = "nobody answers there",
            }),
            ["SignIn"] = new JsonObject
            {
                ["methods"] = new JsonArray("password", "passkey", "upstream", "totp", "recovery_code", "email_link", "email_code", "sms_code"),
            },
            ["Mail"] = new JsonObject { ["transport"] = "file", ["from"] = "no-reply@localhost.example" },
            ["Sms"] = new JsonObject { ["transport"] = "file" },
            ["Accounts"] = new JsonObject { ["require_confirmed_email"] = false },
            ["Limits"] = new JsonObject
            {
                ["password_attempts"] = 1000,
                ["password_attempts_per_address"] = 1000,
                ["registrations_per_address"] = 1000,
                ["mails_per_receiver"] = 1000,
                ["mail_requests_per_address"] = 1000,
                ["text_messages_per_receiver"] = 1000,
                ["text_messages_per_address"] = 1000,
            },
            ["Declared"] = new JsonObject
            {
                ["Scopes"] = new JsonArray(
                    new JsonObject { ["name"] = "orders.read", ["display_name"] = "Read your orders", ["description"] = "Everything you ever bought." }),
                ["Clients"] = new JsonArray(
                    ClientOf("shop", "Northwind Shop", asks: true),
                    ClientOf("second-shop", "Second Shop", asks: true),
                    ClientOf("own", "Our Own Intranet", asks: false),
                    FramedClient(),
                    DeviceClient(),
                    ClientOf("hostile", "<img src=x onerror=alert(1)>\"'{{7*7}}" + new string('W', 55), asks: true)),
                ["Accounts"] = new JsonArray(
                    Account("alice", "Alice Example"), Account("bob", "Bob Example"), Account("carol", "<script>alert(1)</script>"),
                    Account("dora", "Dora"), Account("erik", "Erik"), Account("frida", "Frida"), Account("gina", "Gina")),
            },
        },
    };

    private JsonObject ClientOf(string id, string name, bool asks) => new()
    {
        ["client_id"] = id,
        ["client_name"] = name,
        ["token_endpoint_auth_method"] = "none",
        ["redirect_uris"] = new JsonArray(Client.Callback),
        ["post_logout_redirect_uris"] = new JsonArray(Client.Origin + "/done"),
        ["grant_types"] = new JsonArray("authorization_code", "refresh_token"),
        ["scope"] = "openid profile email offline_access orders.read",
        ["policy_uri"] = Client.Origin + "/done",
        ["idp_require_consent"] = asks,
    };

    private JsonObject FramedClient()
    {
        var client = ClientOf("framed", "Told In A Frame", asks: false);
        client["frontchannel_logout_uri"] = Client.Origin + "/frontchannel";
        client["frontchannel_logout_session_required"] = true;
        return client;
    }

    private JsonObject DeviceClient()
    {
        var client = ClientOf("television", "Living Room Television", asks: true);
        client["grant_types"] = new JsonArray("urn:ietf:params:oauth:grant-type:device_code");
        client.Remove("redirect_uris");
        client.Remove("post_logout_redirect_uris");
        client["scope"] = "openid profile orders.read";
        return client;
    }

    private static JsonObject Account(string userName, string name) => new()
    {
        ["user_name"] = userName,
        ["password"] = Password,
        ["email"] = userName + "@example.com",
        ["email_verified"] = true,
        ["claims"] = new JsonObject { ["name"] = name },
    };
}

/// <summary>One server and one browser for all tests of pages; each test has visitors of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedBrowser : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
