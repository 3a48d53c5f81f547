using IdentityProvider.EndToEnd.Tests.Browser;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.Playwright;

namespace IdentityProvider.EndToEnd.Tests.Samples;

/// <summary>The server, the orders API, both browser samples on ports of their own, and Chromium.</summary>
public sealed class SamplesFixture : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("idp-samples-");
    private readonly List<IAsyncDisposable> _running = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public string Spa { get; } = RunningServer.FreeAddress();

    public string Bff { get; } = RunningServer.FreeAddress();

    internal RunningServer Server { get; private set; } = null!;

    internal Uri OrdersApi { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = Kept(await RunningServer.StartAsync(
            KeyValuePair.Create("Tokens:status_list_ttl", "1"),
            KeyValuePair.Create("DeviceAuthorization:polling_interval", "1"),
            KeyValuePair.Create("Declared:Clients:spa:redirect_uris", $"[\"{Spa}/callback\"]"),
            KeyValuePair.Create("Declared:Clients:spa:post_logout_redirect_uris", $"[\"{Spa}/\"]"),
            KeyValuePair.Create("Declared:Clients:bff-web:redirect_uris", $"[\"{Bff}/bff/callback\"]"),
            KeyValuePair.Create("Declared:Clients:bff-web:post_logout_redirect_uris", $"[\"{Bff}/\"]"),
            KeyValuePair.Create("Declared:Clients:bff-web:backchannel_logout_uri", $"{Bff}/bff/backchannel-logout")));
        var api = Kept(await SampleProcesses.StartResourceApiAsync(Server.Issuer, Spa));
        OrdersApi = api.Address;
        Kept(await SampleProcesses.StartBffWebAsync(Server.Issuer, OrdersApi, Bff));
        Kept(await SampleProcesses.StartSpaAsync(Server.Issuer, OrdersApi, Spa, NewPath("spa")));
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright);
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        foreach (var running in Enumerable.Reverse(_running))
        {
            await running.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>A path that goes when the tests are over.</summary>
    internal string NewPath(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>Somebody with a browser of their own, without cookies.</summary>
    internal async Task<SampleVisitor> NewVisitorAsync(ColorScheme colors = ColorScheme.Light, int width = 1280, int height = 860)
    {
        var page = await Chromium.NewPageAsync(_browser, new BrowserNewContextOptions
        {
            ColorScheme = colors,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        return new SampleVisitor(page);
    }

    private T Kept<T>(T running)
        where T : IAsyncDisposable
    {
        _running.Add(running);
        return running;
    }
}

/// <summary>All of it is started once.</summary>
[CollectionDefinition(Name)]
public sealed class SharedSamples : ICollectionFixture<SamplesFixture>
{
    public const string Name = "samples";
}
