using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityProvider.EndToEnd.Tests.Browsing;
using IdentityProvider.EndToEnd.Tests.Processes;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityProvider.EndToEnd.Tests.Faults;

/// <summary>What was answered holds, whenever the process is killed.</summary>
public sealed class KilledServerTests
{
    private const string RedirectUri = "http://127.0.0.1/callback";
    private const int Rounds = 4;
    private const int CodesPerRound = 12;

    private static readonly string Verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    [Fact]
    [Case(388)]
    public async Task Revocation_that_was_answered_is_there_after_a_kill()
    {
        await using var server = await RunningServer.StartAsync();
        using var visitor = new Visitor(new Uri(server.Issuer));
        var (status, tokens) = await RedeemAsync(server, await GetCodeAsync(server, visitor));
        Assert.Equal(HttpStatusCode.OK, status);
        var refreshToken = tokens.GetProperty("refresh_token").GetString()!;
        using (var revoked = await server.PostAsync("revocation_endpoint", null, ("client_id", "spa"), ("token", refreshToken)))
        {
            Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        }

        await server.KillAndRestartAsync();

        Assert.False(await IsActiveAsync(server, tokens.GetProperty("access_token").GetString()!));
        using var refreshed = await RefreshAsync(server, refreshToken);
        Assert.Equal(HttpStatusCode.BadRequest, refreshed.StatusCode);
    }

    /// <summary>Codes are redeemed by many at once when the process dies; then each code gives tokens at most once more, and what was given stands.</summary>
    [Fact]
    [Case(386)]
    public async Task Code_is_spent_once_however_the_process_dies()
    {
        await using var server = await RunningServer.StartAsync();
        for (var round = 0; round < Rounds; round++)
        {
            using var visitor = new Visitor(new Uri(server.Issuer));
            var codes = new List<string>();
            for (var i = 0; i < CodesPerRound; i++)
            {
                codes.Add(await GetCodeAsync(server, visitor));
            }

            var redemptions = codes.Select(code => TryRedeemAsync(server, code)).ToArray();
            await Task.WhenAny(redemptions); // some are answered, some are under way, some have not begun
            await server.KillAndRestartAsync();
            var answered = await Task.WhenAll(redemptions);

            foreach (var (code, first) in codes.Zip(answered))
            {
                if (first is { } tokens)
                {
                    Assert.True(await IsActiveAsync(server, tokens.GetProperty("access_token").GetString()!), "an answered token is gone");
                }

                var (status, second) = await RedeemAsync(server, code);
                Assert.True(first is null || status == HttpStatusCode.BadRequest, "a code gave tokens twice");
                Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest, second.ToString());
            }
        }
    }

    private static async Task<JsonElement?> TryRedeemAsync(RunningServer server, string code)
    {
        try
        {
            var (status, tokens) = await RedeemAsync(server, code);
            return status == HttpStatusCode.OK ? tokens : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return null;
        }
    }

    private static async Task<string> GetCodeAsync(RunningServer server, Visitor visitor)
    {
        await visitor.GoToAsync(QueryHelpers.AddQueryString(
            server.Issuer + "/connect/authorize",
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["client_id"] = "spa",
                ["redirect_uri"] = RedirectUri,
                ["response_type"] = "code",
                ["scope"] = "openid orders.read",
                ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))),
                ["code_challenge_method"] = "S256",
            }));
        if (visitor.SentTo is null && visitor.Page.QuerySelector("#signin") is not null)
        {
            await CodeFlow.SignInAsync(visitor);
        }

        await CodeFlow.AllowAsync(visitor);
        Assert.True(visitor.SentTo is not null, visitor.Text);
        return QueryHelpers.ParseQuery(visitor.SentTo.Query)["code"].ToString();
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> RedeemAsync(RunningServer server, string code)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["client_id"] = "spa",
            ["code"] = code,
            ["redirect_uri"] = RedirectUri,
            ["code_verifier"] = Verifier,
        });
        using var response = await server.Http.PostAsync("/connect/token", form);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    private static Task<HttpResponseMessage> RefreshAsync(RunningServer server, string token) => server.PostAsync(
        "token_endpoint", null, ("grant_type", "refresh_token"), ("client_id", "spa"), ("refresh_token", token));

    private static async Task<bool> IsActiveAsync(RunningServer server, string token)
    {
        using var response = await server.PostAsync("introspection_endpoint", ("orders-api", "orders-api-development-secret"), ("token", token));
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return body.RootElement.GetProperty("active").GetBoolean();
    }
}
