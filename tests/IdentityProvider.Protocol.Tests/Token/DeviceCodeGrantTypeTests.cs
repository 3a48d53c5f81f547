using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.DeviceAuthorization;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Token;

public sealed class DeviceCodeGrantTypeTests
{
    [Fact]
    [Clause("RFC 8628", "3.5", "authorization_pending … slow_down … access_denied … expired_token")]
    public async Task Device_waits_and_gets_its_tokens_once()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();

        Assert.Equal("authorization_pending", await engine.PollWordAsync(asked));
        await engine.ApproveAsync(asked);
        var tokens = (await engine.PollAsync(asked)).Value!;

        Assert.Equal("openid orders.read", tokens.Scope.ToString());
        Assert.NotNull(tokens.RefreshToken);
        Assert.NotNull(tokens.IdToken);
        Assert.Equal("invalid_grant", await engine.PollWordAsync(asked));
        Assert.True((await engine.RefreshAsync(tokens.RefreshToken, "tv")).Succeeded); // a second poll takes nothing back
    }

    [Fact]
    public async Task Tokens_tell_of_the_session_that_approved()
    {
        using var engine = DeviceEngine.Create();
        engine.Clock.Advance(TimeSpan.FromMinutes(3));
        engine.Session = engine.NewSession("alice") with { Acr = "1", Amr = ["pwd", "otp"] };
        var asked = await engine.AskAsync();
        engine.Clock.Advance(TimeSpan.FromMinutes(2));
        await engine.ApproveAsync(asked);

        var id = Engine.Payload((await engine.PollAsync(asked)).Value!.IdToken!);

        Assert.Equal(engine.Session.AuthTime.ToUnixTimeSeconds(), id.GetProperty("auth_time").GetInt64());
        Assert.Equal("1", id.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp"], id.GetProperty("amr").EnumerateArray().Select(method => method.GetString()!));
        Assert.Equal((engine.Session.Sid, "alice", "tv"), (
            id.GetProperty("sid").GetString(), id.GetProperty("sub").GetString(), id.GetProperty("aud").GetString()));
        Assert.False(id.TryGetProperty("nonce", out _));
    }

    [Fact]
    [Case(121)]
    [Clause("RFC 8628", "3.5", "the interval MUST be increased by 5 seconds for this and all subsequent requests")]
    public async Task Polling_too_fast_raises_the_interval_for_this_code_for_good()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        var other = await engine.AskAsync();

        Assert.Equal("authorization_pending", await engine.PollWordAsync(asked));
        Assert.Equal("authorization_pending", await AfterAsync(5));
        Assert.Equal("slow_down", await AfterAsync(2));
        Assert.Equal("slow_down", await AfterAsync(8)); // ten are due now
        Assert.Equal("slow_down", await AfterAsync(11)); // and fifteen now
        Assert.Equal("authorization_pending", await AfterAsync(20));
        Assert.Equal("authorization_pending", await AfterAsync(20));
        Assert.Equal("slow_down", await AfterAsync(19));

        Assert.Equal("authorization_pending", await engine.PollWordAsync(other));
        engine.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("authorization_pending", await engine.PollWordAsync(other));

        async Task<string> AfterAsync(int seconds)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(seconds));
            return await engine.PollWordAsync(asked);
        }
    }

    [Fact]
    public async Task A_device_that_listens_to_nothing_stops_costing_writes_at_sixty_seconds()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        await engine.PollWordAsync(asked);

        for (var i = 0; i < 100; i++)
        {
            engine.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal("slow_down", await engine.PollWordAsync(asked));
        }

        Assert.Equal(TimeSpan.FromSeconds(60), engine.Devices.Devices.Values.Single().Interval);
        Assert.Equal(1 + 11, engine.Devices.Writes);
    }

    [Fact]
    public async Task A_clock_half_a_second_fast_is_forgiven_and_polls_write_nothing()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("authorization_pending", await engine.PollWordAsync(asked));
            engine.Clock.Advance(TimeSpan.FromSeconds(4.5));
        }

        Assert.Equal(1, engine.Devices.Writes);
    }

    [Fact]
    public async Task An_approved_device_is_never_told_to_slow_down()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        await engine.PollWordAsync(asked);
        await engine.ApproveAsync(asked);

        Assert.Equal("tokens", await engine.PollWordAsync(asked));
    }

    [Fact]
    [Case(122)]
    public async Task Another_client_gets_nothing_and_spoils_nothing()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        await engine.ApproveAsync(asked);

        Assert.Equal("invalid_grant", await engine.PollWordAsync(asked, "other-tv"));

        Assert.Equal("device_code.misused", engine.Audit.Events.Last().Type);
        Assert.Equal("tokens", await engine.PollWordAsync(asked));
    }

    [Fact]
    [Case(124)]
    public async Task Of_twenty_polls_at_once_one_gets_tokens()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        await engine.ApproveAsync(asked);
        using var start = new Barrier(20);

        var words = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                return engine.PollWordAsync(asked);
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap()));

        Assert.Equal(1, words.Count(word => word is "tokens"));
        Assert.Equal(19, words.Count(word => word is "invalid_grant"));
    }

    [Fact]
    [Case(131)]
    public async Task Session_or_account_that_ended_after_the_approval_denies_access()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        await engine.ApproveAsync(asked);

        engine.Grants.EndedSessions.Add(engine.Session.Id);

        Assert.Equal("access_denied", await engine.PollWordAsync(asked));
        Assert.Empty(engine.Grants.Grants);
    }

    [Fact]
    public async Task Consent_withdrawn_after_the_approval_denies_access()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        await engine.ApproveAsync(asked);

        await engine.Consents.WithdrawAsync("alice", "tv");

        Assert.Equal("access_denied", await engine.PollWordAsync(asked));
    }

    [Fact]
    public async Task Denied_stays_denied_and_expired_is_expired_even_when_it_was_approved()
    {
        using var engine = DeviceEngine.Create();
        var denied = await engine.AskAsync();
        await engine.DenyAsync(denied);
        var approved = await engine.AskAsync();
        await engine.ApproveAsync(approved);
        var pending = await engine.AskAsync();

        Assert.Equal("access_denied", await engine.PollWordAsync(denied));
        engine.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal("access_denied", await engine.PollWordAsync(denied));
        Assert.Equal("expired_token", await engine.PollWordAsync(approved));
        Assert.Equal("expired_token", await engine.PollWordAsync(pending));
        engine.Devices.Devices.Clear(); // cleaned up
        Assert.Equal("expired_token", await engine.PollWordAsync(pending));
    }

    [Fact]
    public async Task Code_that_is_missing_or_none_of_ours_is_told_so()
    {
        using var engine = DeviceEngine.Create();

        Assert.Equal("invalid_request", (await engine.TokenAsync(("grant_type", GrantTypeNames.DeviceCode), ("client_id", "tv"))).Error?.Code);
        Assert.Equal("invalid_grant", (await engine.TokenAsync(
            ("grant_type", GrantTypeNames.DeviceCode), ("client_id", "tv"), ("device_code", "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"))).Error?.Code);
        Assert.Equal("unauthorized_client", (await engine.TokenAsync(
            ("grant_type", GrantTypeNames.DeviceCode), ("client_id", "app"), ("device_code", "x"))).Error?.Code);
    }

    [Fact]
    public async Task Resource_of_the_poll_narrows_and_never_widens()
    {
        using var engine = DeviceEngine.Create(client: DeviceEngine.Device with { Scope = ScopeSet.Of("orders.read", "stock.read") });
        var asked = await engine.AskAsync(("scope", "orders.read stock.read"), ("resource", "https://orders.example"));
        await engine.ApproveAsync(asked);

        Assert.Equal("invalid_target", (await engine.PollAsync(asked, resource: "https://stock.example")).Error?.Code);
        var tokens = (await engine.PollAsync(asked, resource: "https://orders.example")).Value!;

        Assert.Equal("https://orders.example", Engine.Payload(tokens.AccessToken).GetProperty("aud").GetString());
        Assert.Equal("orders.read", tokens.Scope.ToString());
    }

    [Fact]
    public async Task Device_without_refresh_tokens_gets_none_and_its_grant_outlives_the_code()
    {
        var client = DeviceEngine.Device with
        {
            GrantTypes = [GrantTypeNames.DeviceCode],
            Scope = ScopeSet.Of("orders.read"),
            AccessTokenLifetime = TimeSpan.FromMinutes(1),
        };
        using var engine = DeviceEngine.Create(client: client);
        var asked = await engine.AskAsync(("scope", "orders.read"));
        await engine.ApproveAsync(asked);

        var tokens = (await engine.PollAsync(asked)).Value!;

        Assert.Null(tokens.RefreshToken);
        Assert.Null(tokens.IdToken);
        Assert.Equal(engine.Devices.Devices.Values.Single().ExpiresAt, engine.Grants.Grants.Values.Single().ExpiresAt);
    }
}
