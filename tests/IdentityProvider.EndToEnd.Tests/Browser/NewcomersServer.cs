using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using IdentityProvider.EndToEnd.Tests.Processes;

namespace IdentityProvider.EndToEnd.Tests.Browser;

/// <summary>
/// A server as somebody runs it who tries it out: Development, mail and text messages at <c>/dev/mail</c>, people and clients who register
/// themselves, limits that are soon reached, and itself as the provider to link.
/// </summary>
internal sealed class NewcomersServer : IAsyncDisposable
{
    public const string StrangersCallback = "https://prizes.example/callback";

    private const string DevelopmentMail = "/dev/mail";
    private const string Secret = "a-secret-that-only-it-knows-itself";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly RunningServer _server;

    private NewcomersServer(RunningServer server) => _server = server;

    public string Issuer => _server.Issuer;

    /// <summary>Id of a client that registered itself.</summary>
    public string Stranger { get; private set; } = string.Empty;

    /// <summary>An invitation that nobody accepts.</summary>
    public string Invitation { get; private set; } = string.Empty;

    public static async Task<NewcomersServer> StartAsync()
    {
        var issuer = RunningServer.FreeAddress();
        var server = new NewcomersServer(await RunningServer.StartAsync(issuer, Settings(issuer).ToJsonString()));
        await server.RegisterStrangerAsync();
        const string Guest = "guest@example.com";
        await server._server.RunAsync("accounts", "invite", Guest);
        server.Invitation = await server.FindLinkAsync(Guest, "/invitation");
        return server;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    /// <summary>The link of the newest mail to an address that leads to a path; waits for it.</summary>
    public async Task<string> FindLinkAsync(string receiver, string path) => (await FindMailAsync(receiver, path)).Link;

    /// <summary>The same mail at <c>/dev/mail</c>, and its link.</summary>
    public Task<ReadMail> FindMailAsync(string receiver, string path) => WaitAsync<ReadMail>(async () =>
    {
        foreach (var line in (await ReadAsync(DevelopmentMail)).QuerySelectorAll("#mails li").Where(line => IsTo(line, receiver)))
        {
            var page = line.QuerySelector("a")!.GetAttribute("href")!;
            if ((await ReadAsync(page)).QuerySelector("#mail-link")?.GetAttribute("href") is { } link
                && string.Equals(new Uri(link).AbsolutePath, path, StringComparison.Ordinal))
            {
                return new ReadMail(page, link);
            }
        }

        return null;
    });

    /// <summary>The code of the newest text message to a number, once there are so many.</summary>
    public Task<string> FindCodeAsync(string number, int count) => WaitAsync<string>(async () =>
    {
        var messages = (await ReadAsync(DevelopmentMail)).QuerySelectorAll("#text-messages li").Where(line => IsTo(line, number)).ToList();
        return messages.Count < count ? null : new string([.. messages[0].QuerySelector("pre")!.TextContent.TakeWhile(char.IsAsciiDigit)]);
    });

    private static JsonObject Settings(string issuer) => new()
    {
        ["SignIn"] = new JsonObject
        {
            ["methods"] = new JsonArray("password", "passkey", "upstream", "totp", "recovery_code", "email_link", "email_code", "sms_code"),
        },
        ["Accounts"] = new JsonObject { ["failures_before_pause"] = 3 },
        ["Limits"] = new JsonObject
        {
            ["password_attempts_per_address"] = 1000,
            ["registrations_per_address"] = 1000,
            ["mails_per_receiver"] = 1000,
            ["mail_requests_per_address"] = 1000,
            ["text_messages_per_receiver"] = 1000,
            ["text_messages_per_address"] = 1000,
        },
        ["Registration"] = new JsonObject { ["mode"] = "open" },
        ["Upstream"] = new JsonArray(new JsonObject
        {
            ["id"] = "home",
            ["display_name"] = "Home Town Library",
            ["issuer"] = issuer,
            ["client_id"] = "hosted",
            ["client_secret"] = Secret,
        }),
        ["Declared"] = new JsonObject
        {
            ["Clients"] = new JsonArray(new JsonObject
            {
                ["client_id"] = "hosted",
                ["client_name"] = "Town Hall",
                ["client_secret"] = Secret,
                ["grant_types"] = new JsonArray("authorization_code"),
                ["redirect_uris"] = new JsonArray(issuer + "/signin/upstream/home/callback"),
                ["scope"] = "openid profile email",
            }),
        },
    };

    private static async Task<T> WaitAsync<T>(Func<Task<T?>> find)
        where T : class
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            if (await find() is { } found)
            {
                return found;
            }
        }
        while (await timer.WaitForNextTickAsync(patience.Token));
        throw new TimeoutException("nothing came");
    }

    private static bool IsTo(IElement line, string receiver) =>
        string.Equals(line.QuerySelector("bdi")!.TextContent, receiver, StringComparison.Ordinal);

    private async Task RegisterStrangerAsync()
    {
        var request = new JsonObject
        {
            ["client_name"] = "Totally Official Prizes",
            ["redirect_uris"] = new JsonArray(StrangersCallback),
            ["token_endpoint_auth_method"] = "none",
            ["grant_types"] = new JsonArray("authorization_code"),
            ["scope"] = "openid profile email",
        };
        using var response = await _server.Http.PostAsJsonAsync("/connect/register", request);
        var answer = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, answer);
        using var client = JsonDocument.Parse(answer);
        Stranger = client.RootElement.GetProperty("client_id").GetString()!;
    }

    private async Task<IDocument> ReadAsync(string path) => new HtmlParser().ParseDocument(await _server.Http.GetStringAsync(path));
}

/// <summary>A mail that came.</summary>
/// <param name="Page">Its address at <c>/dev/mail</c>.</param>
/// <param name="Link">Where its button leads.</param>
internal sealed record ReadMail(string Page, string Link);
