using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Outbox;
using IdentityProvider.Server.Tests.Pages;
using IdentityProvider.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.EndSession;

/// <summary>OpenID Connect Back-Channel Logout 1.0 on the wire: what a client is told, by every way a session ends.</summary>
public sealed class BackchannelLogoutTests(LoopbackServer loopback) : IClassFixture<LoopbackServer>, IAsyncLifetime
{
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    private readonly ServerFixture _server = loopback.Server;

    private LogoutReceiver _receiver = null!;

    public async Task InitializeAsync() => _receiver = await LogoutReceiver.StartAsync();

    public async Task DisposeAsync() => await _receiver.DisposeAsync();

    [Fact]
    public async Task Oidcc_backchannel_logout_discovery_endpoint_verification()
    {
        var metadata = (await _server.GetAsync("/.well-known/openid-configuration")).Json;

        Assert.True(metadata.GetProperty("backchannel_logout_supported").GetBoolean());
        Assert.True(metadata.GetProperty("backchannel_logout_session_supported").GetBoolean());
        Assert.Equal(ServerFixture.Issuer + "/connect/endsession", metadata.GetProperty("end_session_endpoint").GetString());
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    [Clause("Back-Channel Logout", "2.4", "A Logout Token MUST NOT contain ... nonce")]
    public async Task Oidcc_backchannel_rp_initiated_logout(string algorithm)
    {
        var client = Register() with { IdTokenSignedResponseAlg = algorithm };
        _server.Register(client);
        var (browser, tokens) = await SignInAsync(client);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal(TestClients.SignedOut, browser.LeftTo!.OriginalString);
        var token = await _receiver.NextAsync();
        Assert.Equal("application/x-www-form-urlencoded", _receiver.ContentType);
        Assert.Equal(["logout_token"], _receiver.Parameters);
        await AssertSignatureAsync(token, algorithm);
        var (header, claims) = Decode(token);
        var id = Decode(tokens.IdToken).Claims;
        Assert.Equal(("logout+jwt", algorithm), (header.GetProperty("typ").GetString(), header.GetProperty("alg").GetString()));
        Assert.Equal(
            ["aud", "events", "exp", "iat", "iss", "jti", "sid", "sub"], claims.EnumerateObject().Select(claim => claim.Name).Order(StringComparer.Ordinal));
        Assert.Equal(ServerFixture.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(client.ClientId, claims.GetProperty("aud").GetString());
        Assert.Equal(id.GetProperty("sub").GetString(), claims.GetProperty("sub").GetString());
        Assert.Equal(id.GetProperty("sid").GetString(), claims.GetProperty("sid").GetString());
        Assert.Equal("{}", claims.GetProperty("events").GetProperty(LogoutEvent).GetRawText());
        Assert.InRange(claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64(), 1, 120);
        await browser.GoAsync(client.AuthorizeAddress(("prompt", "none")));
        Assert.Equal("login_required", Flows.Parameters(browser.LeftTo!)["error"]);
    }

    [Fact]
    public async Task Every_client_of_the_session_is_told_once_and_no_other()
    {
        await using var second = await LogoutReceiver.StartAsync();
        await using var stranger = await LogoutReceiver.StartAsync();
        var one = Register();
        var other = Register(second);
        Register(stranger);
        var (browser, tokens) = await SignInAsync(one);
        await _server.RedeemAsync(other, (await browser.AuthorizeAsync(other))["code"]);
        await _server.RedeemAsync(other, (await browser.AuthorizeAsync(other))["code"]);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal(one.ClientId, Decode(await _receiver.NextAsync()).Claims.GetProperty("aud").GetString());
        Assert.Equal(other.ClientId, Decode(await second.NextAsync()).Claims.GetProperty("aud").GetString());
        await UntilAsync(one, message => message.DeliveredAt is not null);
        await UntilAsync(other, message => message.DeliveredAt is not null);
        Assert.False(_receiver.HasMore || second.HasMore || stranger.HasMore);
    }

    [Fact]
    public async Task A_client_whose_grant_is_revoked_is_told_all_the_same()
    {
        var client = Register();
        var (browser, tokens) = await SignInAsync(client);
        await _server.RevokeAsync(client, tokens.RefreshToken);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal(client.ClientId, Decode(await _receiver.NextAsync()).Claims.GetProperty("aud").GetString());
    }

    [Theory]
    [InlineData("sign-out page")]
    [InlineData("account page")]
    [InlineData("another person")]
    [Case(256)]
    public async Task Every_way_a_session_ends_tells_the_clients(string way)
    {
        var client = Register();
        var (browser, tokens) = await SignInAsync(client);
        var sid = Decode(tokens.IdToken).Claims.GetProperty("sid").GetString();

        await EndByAsync(way, browser);

        Assert.Equal(sid, Decode(await _receiver.NextAsync()).Claims.GetProperty("sid").GetString());
        Assert.False(await _server.IsActiveAsync(tokens.AccessToken));
    }

    [Fact]
    [Case(256)]
    public async Task A_changed_password_ends_every_session_and_tells_the_clients()
    {
        using var own = new LoopbackServer();
        var client = own.Server.Register(Register());
        using var browser = await own.Server.SignInAsync("alice");
        var tokens = await own.Server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);
        await browser.GoAsync("/account/password");

        await browser.SendFormAsync("#change-password", ("current", ServerFixture.Password), ("password", "a wholly other long password"));

        var sid = Decode(tokens.IdToken).Claims.GetProperty("sid").GetString();
        Assert.Equal(sid, Decode(await _receiver.NextAsync()).Claims.GetProperty("sid").GetString());
    }

    [Fact]
    [Case(250)]
    public async Task Offline_access_outlives_the_session_unless_the_client_chose_otherwise()
    {
        var lasting = Register();
        var ending = _server.Register(Register() with { LogoutRevokesOfflineAccess = true });
        var (browser, _) = await SignInAsync(lasting);
        var kept = await RedeemOfflineAsync(browser, lasting);
        var ended = await RedeemOfflineAsync(browser, ending);

        await browser.GoAsync(EndAddress(kept.IdToken));

        Assert.Equal(200, (await _server.RefreshAsync(lasting, kept.RefreshToken)).Status);
        Assert.Equal((400, "invalid_grant"), (await _server.RefreshAsync(ending, ended.RefreshToken)).StatusAndError);
        Assert.False(await _server.IsActiveAsync(ended.AccessToken));
    }

    [Fact]
    public async Task What_failed_is_tried_again_later_with_a_fresh_token_until_it_is_given_up()
    {
        var client = Register();
        var attempt = 0;
        _receiver.Answer = context => Answer(context, 400 + Interlocked.Increment(ref attempt));
        var (browser, tokens) = await SignInAsync(client);
        await browser.GoAsync(EndAddress(tokens.IdToken));
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var begun = _server.Clock.GetUtcNow();

        for (var expected = 1; expected <= RetrySchedule.MaxAttempts; expected++)
        {
            Assert.True(seen.Add(Decode(await _receiver.NextAsync()).Claims.GetProperty("jti").GetString()!));
            var error = string.Create(CultureInfo.InvariantCulture, $"the answer was {400 + expected}");
            var message = await UntilAsync(client, message => message.LastError == error);
            Assert.Equal((expected, expected == RetrySchedule.MaxAttempts), (message.Attempts, message.DeadAt is not null));
            if (message.NextAttemptAt is { } next)
            {
                Assert.True(next > _server.Clock.GetUtcNow());
                _server.Clock.Advance(next - _server.Clock.GetUtcNow());
            }
        }

        Assert.InRange(_server.Clock.GetUtcNow() - begun, TimeSpan.FromHours(19), TimeSpan.FromHours(30));
        _receiver.Answer = null;
        var id = (await ListAsync(client))[0].Id;
        Assert.True(await Outbox.TryRetryAsync(id, _server.Clock.GetUtcNow(), default));
        await _receiver.NextAsync();
        await UntilAsync(client, message => message.DeliveredAt is not null);
        Assert.False(await Outbox.TryRetryAsync(id, _server.Clock.GetUtcNow(), default));
    }

    [Fact]
    [Clause("Back-Channel Logout", "2.8", "OPs should be prepared to also process ... 204")]
    public async Task No_content_counts_as_delivered()
    {
        _receiver.Answer = context => Answer(context, 204);
        var client = Register();
        var (browser, tokens) = await SignInAsync(client);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Null((await UntilAsync(client, message => message.DeliveredAt is not null)).LastError);
    }

    [Fact]
    [Case(251)]
    public async Task A_redirect_is_not_followed()
    {
        _receiver.Answer = context =>
        {
            context.Response.Headers.Location = "/internal";
            return Answer(context, 302);
        };
        var client = Register();
        var (browser, tokens) = await SignInAsync(client);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal("the answer was 302", (await UntilAsync(client, message => message.LastError is not null)).LastError);
        Assert.Equal(0, _receiver.OtherRequests);
    }

    [Fact]
    [Case(251)]
    public async Task A_receiver_that_hangs_delays_nobody_who_signs_out()
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _receiver.Answer = async context =>
        {
            await end.Task;
            await Answer(context, 200);
        };
        var client = Register();
        var (browser, tokens) = await SignInAsync(client);

        var answer = await browser.GoAsync(EndAddress(tokens.IdToken));

        // The person is away before the receiver has been asked, or while it hangs: nothing has come back from it.
        Assert.Equal((303, TestClients.SignedOut), (answer.Status, browser.LeftTo!.OriginalString));
        Assert.Equal((null, null), (await ListAsync(client)).Select(message => (message.LastError, message.DeliveredAt)).Single());
        end.SetResult();
        await UntilAsync(client, message => message.DeliveredAt is not null);
    }

    [Fact]
    [Case(251)]
    public async Task A_receiver_that_hangs_is_left_when_its_time_is_over()
    {
        using var impatient = ServerFixture.With("""{ "Outbound": { "allow_private_addresses": true, "timeout": 1 } }""");
        _receiver.Answer = context => Task.Delay(Timeout.Infinite, context.RequestAborted);
        var client = impatient.Register(TestClients.Public() with { BackchannelLogoutUri = _receiver.LogoutUri });
        using var browser = await impatient.SignInAsync("alice");
        var tokens = await impatient.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal("no answer in time", (await UntilAsync(client, message => message.LastError is not null, impatient)).LastError);
    }

    [Fact]
    [Case(251)]
    public async Task A_hundred_megabytes_are_not_read()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var sending = SendEndlesslyAsync(listener);
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var client = _server.Register(TestClients.Public() with
        {
            BackchannelLogoutUri = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"),
        });
        var (browser, tokens) = await SignInAsync(client);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        await UntilAsync(client, message => message.DeliveredAt is not null);
        Assert.InRange(await sending.WaitAsync(TimeSpan.FromMinutes(1)), 0, 20_000_000);
    }

    [Fact]
    [Case(251)]
    public async Task A_private_address_is_not_connected_to_unless_the_operator_allows_it()
    {
        using var strict = new ServerFixture();
        using var target = new TcpListener(IPAddress.Loopback, 0);
        target.Start();
        var port = ((IPEndPoint)target.LocalEndpoint).Port;
        var client = strict.Register(TestClients.Public() with
        {
            BackchannelLogoutUri = string.Create(CultureInfo.InvariantCulture, $"https://localhost:{port}/logout"),
        });
        using var browser = await strict.SignInAsync("alice");
        var tokens = await strict.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);

        await browser.GoAsync(EndAddress(tokens.IdToken));

        var message = await UntilAsync(client, message => message.LastError is not null, strict);
        Assert.Contains("not on the public internet", message.LastError, StringComparison.Ordinal);
        Assert.False(target.Pending());
    }

    [Fact]
    public async Task A_dead_receiver_keeps_nobody_else_waiting()
    {
        var broken = Register() with { BackchannelLogoutUri = "http://127.0.0.1:1/nobody" };
        _server.Register(broken);
        var client = Register();
        for (var number = 0; number < 12; number++)
        {
            var (lost, _) = await SignInAsync(broken);
            await EndByAsync("sign-out page", lost);
        }

        var (browser, tokens) = await SignInAsync(client);
        await browser.GoAsync(EndAddress(tokens.IdToken));

        Assert.Equal(client.ClientId, Decode(await _receiver.NextAsync()).Claims.GetProperty("aud").GetString());
    }

    [Fact]
    public async Task A_client_that_was_disabled_is_told_nothing_more()
    {
        _receiver.Answer = context => Answer(context, 500);
        var client = Register();
        var (browser, tokens) = await SignInAsync(client);
        await browser.GoAsync(EndAddress(tokens.IdToken));
        await UntilAsync(client, message => message.LastError is not null);
        _server.Register(client with { Enabled = false });

        _server.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains(
            "gone, disabled", (await UntilAsync(client, message => message.DeadAt is not null)).LastError, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_token_stands_in_the_log_or_the_outbox()
    {
        _receiver.Answer = context => Answer(context, 500);
        var client = Register();
        var (browser, tokens) = await SignInAsync(client);
        await browser.GoAsync(EndAddress(tokens.IdToken));
        var token = await _receiver.NextAsync();
        var message = await UntilAsync(client, message => message.LastError is not null);

        Assert.DoesNotContain(token.Split('.')[2], _server.Logs.AllText, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Split('.')[2], JsonSerializer.Serialize(message), StringComparison.Ordinal);
    }

    private IOutboxStore Outbox => _server.Services.GetRequiredService<IOutboxStore>();

    private Client Register(LogoutReceiver? receiver = null) => _server.Register(TestClients.Public() with
    {
        BackchannelLogoutUri = (receiver ?? _receiver).LogoutUri,
        BackchannelLogoutSessionRequired = true,
    });

    private async Task<(Browser Browser, Answer Tokens)> SignInAsync(Client client)
    {
        var browser = await _server.SignInAsync("alice");
        return (browser, await _server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]));
    }

    private async Task<Answer> RedeemOfflineAsync(Browser browser, Client client) => await _server.RedeemAsync(
        client, (await browser.AuthorizeAsync(client, changes: ("scope", "openid offline_access orders.read")))["code"]);

    private async Task EndByAsync(string way, Browser browser)
    {
        switch (way)
        {
            case "sign-out page":
                await browser.GoAsync("/signout");
                await browser.SendFormAsync("#signout", ("decision", "signout"));
                break;
            case "account page":
                using (var elsewhere = await _server.SignInAsync("alice"))
                {
                    await elsewhere.GoAsync("/account/sessions");
                    await elsewhere.SendFormAsync("#end-others");
                }

                break;
            case "another person":
                await browser.GoAsync(Register().AuthorizeAddress(("prompt", "login")));
                await browser.SignInAsync("bob", ServerFixture.Password);
                break;
        }
    }

    /// <summary>Deliveries to this client, newest first.</summary>
    private async Task<IReadOnlyList<OutboxMessage>> ListAsync(Client client, ServerFixture? server = null)
    {
        var all = await (server ?? _server).Services.GetRequiredService<IOutboxStore>().ListAsync(OutboxState.Any, 1000, default);
        return [.. all.Where(message => message.ClientId == client.ClientId)];
    }

    /// <summary>The only delivery to the client, as soon as it is as the test expects.</summary>
    private async Task<OutboxMessage> UntilAsync(Client client, Func<OutboxMessage, bool> condition, ServerFixture? server = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var messages = await ListAsync(client, server);
        while (messages.Count == 0 || !condition(Assert.Single(messages)))
        {
            await timer.WaitForNextTickAsync(patience.Token);
            messages = await ListAsync(client, server);
        }

        return messages[0];
    }

    private async Task AssertSignatureAsync(string token, string algorithm)
    {
        var jwks = (await _server.GetAsync("/.well-known/jwks.json")).Bytes;
        Assert.True(JsonWebKeySet.TryParse(jwks, strict: true, out var keys, out _));
        var read = JwtReader.Read(token, keys, new JwtReadRules([SigningAlgorithm.Find(algorithm)!], ["logout+jwt"]));
        Assert.True(read.Succeeded);
    }

    private static string EndAddress(string hint) =>
        $"/connect/endsession?id_token_hint={hint}&post_logout_redirect_uri={Uri.EscapeDataString(TestClients.SignedOut)}";

    /// <summary>Says 200, sends until nobody takes it any more, and tells how much that was: the buffers of the system.</summary>
    private static async Task<long> SendEndlesslyAsync(TcpListener listener)
    {
        using var connection = await listener.AcceptTcpClientAsync();
        var stream = connection.GetStream();
        _ = await stream.ReadAtLeastAsync(new byte[16], 16);
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n"u8.ToArray());
        var block = new byte[64 * 1024];
        long sent = 0;
        try
        {
            for (; sent < 100_000_000; sent += block.Length)
            {
                await stream.WriteAsync(block);
            }
        }
        catch (IOException)
        {
            // They hung up, as they should.
        }

        return sent;
    }

    private static Task Answer(Microsoft.AspNetCore.Http.HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static (JsonElement Header, JsonElement Claims) Decode(string token)
    {
        var parts = token.Split('.');
        static JsonElement Part(string text) =>
            JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(text)).RootElement;
        return (Part(parts[0]), Part(parts[1]));
    }
}

/// <summary>A server that may call clients on this machine, and waits longer for them than a busy machine keeps them from answering.</summary>
public sealed class LoopbackServer : IDisposable
{
    public ServerFixture Server { get; } = ServerFixture.With("""{ "Outbound": { "allow_private_addresses": true, "timeout": 30 } }""");

    public void Dispose() => Server.Dispose();
}
