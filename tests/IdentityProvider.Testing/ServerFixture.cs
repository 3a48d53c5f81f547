using System.Net.Http.Headers;
using System.Text;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Workers;
using IdentityProvider.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IdentityProvider.Testing;

/// <summary>
/// The whole server in this process, as it starts in production: its own program, a fresh SQLite file, https. Only the clock, the
/// listener and one more log provider are the test's.
/// </summary>
public sealed class ServerFixture : IDisposable
{
    public const string Issuer = "https://id.example";
    public const string OrdersApi = "https://orders.example";
    public const string StockApi = "https://stock.example";
    public const string Password = "correct horse battery staple";

    private readonly TestHost _host;
    private readonly Lazy<Client> _introspector;

    public ServerFixture()
        : this(settings: null, new ManualTimeProvider())
    {
    }

    private ServerFixture(string? settings, ManualTimeProvider clock)
    {
        Clock = clock;
        _host = new TestHost(Clock, Logs, Mails, settings);
        _host.Server.PreserveExecutionContext = true;
        Http = new HttpClient(_host.Server.CreateHandler()) { BaseAddress = new Uri(Issuer) };
        Mails.Delivery = Services.GetRequiredService<OutboxDelivery>();
        _introspector = new Lazy<Client>(() => Register(TestClients.Api()));
    }

    public ManualTimeProvider Clock { get; }

    public LogCapture Logs { get; } = new();

    /// <summary>Everybody's mailboxes.</summary>
    public MailCapture Mails { get; } = new();

    /// <summary>A program that calls us: no cookies, no redirects.</summary>
    public HttpClient Http { get; }

    /// <summary>The program's services; for state that no request shows.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>A server of its own with other settings.</summary>
    /// <param name="settings">JSON of section <c>IdentityProvider</c>, over the fixture's own.</param>
    /// <param name="clock">Its clock; without one it has the fixture's.</param>
    public static ServerFixture With(string settings, ManualTimeProvider? clock = null) => new(settings, clock ?? new ManualTimeProvider());

    public Browser NewBrowser() => new(NewHandler(), new Uri(Issuer));

    /// <summary>The way to this server, for clients that a test makes.</summary>
    public HttpMessageHandler NewHandler() => _host.Server.CreateHandler();

    /// <summary>Adds or replaces a client.</summary>
    public Client Register(Client client)
    {
        var catalog = Services.GetRequiredService<ICatalogStore>();
        catalog.SaveAsync([client], [], [], Clock.GetUtcNow(), CancellationToken.None).GetAwaiter().GetResult();
        return client;
    }

    /// <summary>A browser in which the person has signed in on our page.</summary>
    public async Task<Browser> SignInAsync(string userName)
    {
        var browser = NewBrowser();
        await browser.GoAsync("/signin");
        await browser.SubmitAsync("signin", ("username", userName), ("password", Password));
        return browser.Address.AbsolutePath is "/account" ? browser : throw new InvalidOperationException(browser.Current!.Body);
    }

    /// <summary>Registers on our page and confirms the address by the mailed link; then the browser is signed in.</summary>
    public async Task RegisterAsync(Browser browser, string email, string password, string name = "")
    {
        ArgumentNullException.ThrowIfNull(browser);
        await browser.GoAsync("/register");
        await browser.SubmitAsync("register", ("name", name), ("email", email), ("password", password));
        await browser.GoAsync((await Mails.NextAsync(email)).Link.PathAndQuery);
        await browser.SubmitAsync("confirm", ("password", password));
        if (browser.Address.AbsolutePath is not "/account")
        {
            throw new InvalidOperationException(browser.Current!.Body);
        }
    }

    /// <summary>Calls a back-channel endpoint as the client, by the method it is registered for.</summary>
    public Task<Answer> PostAsync(string path, Client client, params (string Name, string? Value)[] parameters)
    {
        ArgumentNullException.ThrowIfNull(client);
        var pairs = parameters.Where(pair => pair.Value is not null).Select(pair => KeyValuePair.Create(pair.Name, pair.Value!)).ToList();
        var request = new HttpRequestMessage(HttpMethod.Post, path);
        switch (client.TokenEndpointAuthMethod)
        {
            case ClientAuthenticationMethods.None:
                pairs.Add(new("client_id", client.ClientId));
                break;
            case ClientAuthenticationMethods.ClientSecretPost:
                pairs.Add(new("client_id", client.ClientId));
                pairs.Add(new("client_secret", TestClients.Secret));
                break;
            default:
                request.Headers.Authorization = Basic(client.ClientId, TestClients.Secret);
                break;
        }

        request.Content = new FormUrlEncodedContent(pairs);
        return SendAsync(request);
    }

    public async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    public Task<Answer> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>A GET whose query is sent as it stands; <see cref="Uri"/> would mend broken escapes. Status and body.</summary>
    public async Task<(int Status, string Body)> GetRawAsync(string path, string query)
    {
        var context = await _host.Server.SendAsync(context =>
        {
            (context.Request.Method, context.Request.Scheme, context.Request.Host) = ("GET", "https", new HostString(Http.BaseAddress!.Host));
            (context.Request.Path, context.Request.QueryString) = (path, new QueryString(query));
        });
        using var reader = new StreamReader(context.Response.Body);
        return (context.Response.StatusCode, await reader.ReadToEndAsync());
    }

    public Task<Answer> RedeemAsync(Client client, string code, params (string Name, string? Value)[] changes) => PostAsync(
        "/connect/token",
        client,
        Merge(
            changes,
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", TestClients.Callback),
            ("code_verifier", Flows.Verifier)));

    public Task<Answer> RefreshAsync(Client client, string refreshToken, params (string Name, string? Value)[] changes) =>
        PostAsync("/connect/token", client, Merge(changes, ("grant_type", "refresh_token"), ("refresh_token", refreshToken)));

    public Task<Answer> IntrospectAsync(Client api, string token) => PostAsync("/connect/introspect", api, ("token", token));

    public Task<Answer> RevokeAsync(Client client, string token) => PostAsync("/connect/revoke", client, ("token", token));

    /// <summary>What an API for <see cref="OrdersApi"/> is told.</summary>
    public async Task<bool> IsActiveAsync(string accessToken) =>
        (await IntrospectAsync(_introspector.Value, accessToken)).Json.GetProperty("active").GetBoolean();

    public Task<Answer> UserInfoAsync(string accessToken)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/connect/userinfo");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        return SendAsync(request);
    }

    /// <summary>Statements that one piece of work sends to the database.</summary>
    public static async Task<(int Reads, int Writes)> CountStatementsAsync(Func<Task> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        using var count = StorageDiagnostics.Count();
        await work();
        return (count.Reads, count.Writes);
    }

    /// <summary>RFC 6749 §2.3.1: id and secret form-encoded, then Basic.</summary>
    public static AuthenticationHeaderValue Basic(string clientId, string secret)
    {
        static string Encode(string value) => Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);
        return new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Encode(clientId) + ":" + Encode(secret))));
    }

    /// <summary>Stops the worker that delivers logout notices and mail, for tests that look at what waits.</summary>
    public Task PauseDeliveriesAsync() =>
        Services.GetServices<IHostedService>().OfType<DeliveryWorker>().Single().StopAsync(CancellationToken.None);

    public void Dispose()
    {
        Http.Dispose();
        _host.Dispose();
        Logs.Dispose();
        Mails.Dispose();
    }

    internal static (string Name, string? Value)[] Merge(
        (string Name, string? Value)[] changes, params (string Name, string? Value)[] defaults) =>
        [.. defaults.Where(pair => !Array.Exists(changes, change => change.Name == pair.Name)), .. changes];
}
