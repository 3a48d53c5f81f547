using System.Net.Http.Headers;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Security;

/// <summary>Secrets with a mark are sent everywhere, rightly and wrongly; then the log, the database and every answer are searched for the mark.</summary>
public sealed class SecretHygieneTests
{
    private const string Mark = "MARKEDSECRET";

    [Fact]
    [Case(83)]
    [Case(119)]
    [Case(421)]
    public async Task No_secret_reaches_the_log_the_database_or_an_answer()
    {
        using var server = new ServerFixture();
        var client = server.Register(TestClients.Confidential() with { RequireConsent = true });
        var secrets = new List<string>();
        using var browser = server.NewBrowser();
        await browser.GoAsync("/signin");
        await browser.SubmitAsync("signin", ("username", "alice"), ("password", Mark + "-wrong-password"));
        var response = await browser.AuthorizeAsync(client);
        secrets.Add(response["code"]);
        var tokens = await server.RedeemAsync(client, response["code"]);
        secrets.AddRange([tokens.AccessToken, tokens.RefreshToken, tokens.IdToken, ServerFixture.Password, TestClients.Secret, Flows.Verifier]);
        secrets.AddRange(browser.Cookies.GetAllCookies().Select(cookie => cookie.Value).Where(value => value.Length > 20));
        var refreshed = await server.RefreshAsync(client, tokens.RefreshToken);
        secrets.Add(refreshed.RefreshToken);
        await server.UserInfoAsync(refreshed.AccessToken);
        await server.RevokeAsync(client, refreshed.RefreshToken);

        var device = server.Register(TestClients.Device());
        var asked = await server.RequestDeviceAsync(device);
        await browser.GoAsync(asked.Text("verification_uri_complete"));
        await browser.SubmitAsync("allow");
        secrets.AddRange([asked.Text("device_code"), asked.Text("user_code"), asked.Text("user_code").Replace("-", string.Empty, StringComparison.Ordinal)]);
        secrets.Add((await server.PollAsync(device, asked)).RefreshToken);

        var answers = await MisuseAsync(server, client, response["code"]);

        Assert.All(answers, answer => Assert.DoesNotContain(Mark, answer.Body + answer.Headers, StringComparison.Ordinal));
        AssertAbsent(server.Logs.AllText, secrets, "the log");
        var stored = await ReadDatabaseAsync(server);
        AssertAbsent(stored, secrets, "the database");
        Assert.Contains(client.ClientId, server.Logs.AllText, StringComparison.Ordinal); // both were really searched
        Assert.Contains(client.ClientId, stored, StringComparison.Ordinal);
    }

    private static async Task<List<Answer>> MisuseAsync(ServerFixture server, Client client, string code)
    {
        var answers = new List<Answer>
        {
            await server.RedeemAsync(client, code),
            await server.RedeemAsync(client, Mark + "-code", ("code_verifier", Mark + "-verifier-that-is-long-enough-to-be-one-of-them")),
            await server.RefreshAsync(client, Mark + "-refresh-token"),
            await server.IntrospectAsync(client, Mark + "-token"),
            await server.RevokeAsync(client, Mark + "-token"),
            await server.UserInfoAsync(Mark + "-bearer"),
            await server.GetAsync("/connect/userinfo?access_token=" + Mark),
            await server.GetAsync("/connect/token?client_secret=" + Mark),
            await server.GetAsync("/connect/endsession?id_token_hint=" + Mark),
            await server.GetAsync(client.AuthorizeAddress(("id_token_hint", Mark), ("state", null))),
            await server.GetAsync("/connect/authorize?idp_flow=" + Mark),
            await server.GetAsync("/signin?flow=" + Mark),
        };
        answers.Add(await SendAsync(server, "/connect/token?client_secret=" + Mark, ("grant_type", "client_credentials")));
        answers.Add(await SendAsync(
            server, "/connect/token", ("grant_type", "client_credentials"), ("client_id", client.ClientId), ("client_secret", Mark + "-wrong")));
        answers.Add(await SendAsync(
            server,
            "/connect/token",
            ("grant_type", "client_credentials"),
            ("client_assertion_type", AssertionAuthentication.AssertionType),
            ("client_assertion", Mark + ".a.b")));
        using var basic = new HttpRequestMessage(HttpMethod.Post, "/connect/token");
        basic.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(client.ClientId + ":" + Mark)));
        basic.Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]);
        answers.Add(await server.SendAsync(basic));
        using var cookie = new HttpRequestMessage(HttpMethod.Get, "/account");
        cookie.Headers.Add("Cookie", "__Host-idp-session=" + Mark);
        answers.Add(await server.SendAsync(cookie));
        return answers;
    }

    private static async Task<Answer> SendAsync(ServerFixture server, string path, params (string Name, string Value)[] pairs)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(pairs.Select(pair => KeyValuePair.Create(pair.Name, pair.Value))),
        };
        return await server.SendAsync(request);
    }

    private static void AssertAbsent(string text, IEnumerable<string> secrets, string where)
    {
        foreach (var secret in secrets.Append(Mark))
        {
            var at = text.IndexOf(secret, StringComparison.Ordinal);
            Assert.True(at < 0, at < 0 ? string.Empty : $"{where} has a secret: …{text.Substring(Math.Max(0, at - 200), Math.Min(260, text.Length - Math.Max(0, at - 200)))}");
        }
    }

    /// <summary>The files as they lie on the disk, the log of the last transactions included.</summary>
    private static async Task<string> ReadDatabaseAsync(ServerFixture server)
    {
        var source = server.Services.GetRequiredService<StorageOptions>().ConnectionString!;
        var path = source.Split(';').Select(part => part.Split('=', 2)).First(part => part[0].Trim() is "Data Source")[1];
        var text = new StringBuilder();
        foreach (var file in new[] { path, path + "-wal" }.Where(File.Exists))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, Encoding.Latin1);
            text.Append(await reader.ReadToEndAsync());
        }

        return text.ToString();
    }
}
