using IdentityProvider.Protocol.DeviceAuthorization;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Tests.DeviceAuthorization;

public sealed class DeviceVerificationTests
{
    private const string Wrong = "BBBB-BBBB";

    [Fact]
    [Case(130)]
    public async Task Code_is_found_however_it_is_typed()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();

        var found = Assert.IsType<DeviceLookup.Found>(await engine.EnterAsync(" " + asked.UserCode.ToLowerInvariant().Replace('-', ' ')));

        Assert.Equal(("tv", "openid orders.read", asked.UserCode), (found.Client.ClientId, found.Scope.ToString(), found.Code.Display));
    }

    [Fact]
    public async Task Unknown_mistyped_expired_and_decided_codes_are_told_alike()
    {
        using var engine = DeviceEngine.Create();
        var approved = await engine.AskAsync();
        await engine.ApproveAsync(approved);
        var denied = await engine.AskAsync();
        await engine.DenyAsync(denied);
        var expired = await engine.AskAsync();
        engine.Clock.Advance(TimeSpan.FromMinutes(10));

        foreach (var typed in new[] { Wrong, "0OI1-8888", approved.UserCode, denied.UserCode, expired.UserCode })
        {
            Assert.Equal(new DeviceLookup.Unknown(), await engine.EnterAsync(typed));
        }
    }

    [Fact]
    public async Task Code_of_a_client_that_was_disabled_or_changed_is_unknown()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        var found = async () => await engine.EnterAsync(asked.UserCode) is DeviceLookup.Found;

        engine.Register(DeviceEngine.Device with { Enabled = false });
        Assert.False(await found());
        engine.Register(DeviceEngine.Device with { GrantTypes = [GrantTypeNames.RefreshToken] });
        Assert.False(await found());
        engine.Register(DeviceEngine.Device with { Scope = ScopeSet.Of("profile") });
        Assert.False(await found());
        engine.Register(DeviceEngine.Device);
        Assert.True(await found());
    }

    [Fact]
    public async Task Scope_the_client_has_lost_is_not_shown_and_not_given()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync(("scope", "openid orders.read orders.write"));

        engine.Register(DeviceEngine.Device with { Scope = ScopeSet.Of("openid", "orders.read") });
        Assert.True(await engine.ApproveAsync(asked));

        Assert.Equal("openid orders.read", (await engine.PollAsync(asked)).Value?.Scope.ToString());
    }

    [Fact]
    public async Task First_decision_counts()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        var found = await engine.FoundAsync(asked);
        var verification = engine.Get<DeviceVerification>();

        Assert.True(await verification.TryDenyAsync(found, engine.Session, null, default));
        Assert.False(await verification.TryApproveAsync(found, engine.Session, null, default));
        Assert.False(await verification.TryDenyAsync(found, engine.Session, null, default));

        Assert.Equal("access_denied", await engine.PollWordAsync(asked));
        Assert.Empty(engine.Consents.Consents);
    }

    [Fact]
    public async Task Nothing_is_decided_after_the_end()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        var found = await engine.FoundAsync(asked);

        engine.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.False(await engine.Get<DeviceVerification>().TryApproveAsync(found, engine.Session, null, default));
        Assert.Equal("expired_token", await engine.PollWordAsync(asked));
    }

    [Fact]
    public async Task Decisions_are_audited_with_both_addresses()
    {
        using var engine = DeviceEngine.Create();
        await engine.ApproveAsync(await engine.AskAsync());
        await engine.DenyAsync(await engine.AskAsync());

        Assert.Equal(["device.approved", "device.denied"], engine.Audit.Events.Select(entry => entry.Type));
        var approved = engine.Audit.Events.First();
        Assert.Equal(("alice", "tv", DeviceEngine.Address), (approved.Subject, approved.ClientId, approved.RemoteAddress));
        Assert.Equal("openid orders.read; asked from " + DeviceEngine.Address, approved.Detail);
    }

    [Fact]
    [Clause("RFC 8628", "5.1", "The user code SHOULD have enough entropy that, when combined with rate-limiting and other mitigations, a brute-force attack becomes infeasible")]
    public async Task Person_has_five_wrong_codes_in_ten_minutes_in_whatever_session()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();
        for (var i = 0; i < 5; i++)
        {
            Assert.IsType<DeviceLookup.Unknown>(await engine.EnterAsync(Wrong, engine.NewSession("alice"), $"198.51.100.{i}"));
        }

        var refused = Assert.IsType<DeviceLookup.TooMany>(await engine.EnterAsync(asked.UserCode));

        Assert.Equal("device-code:person", refused.Limit);
        Assert.InRange(refused.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Assert.IsType<DeviceLookup.Found>(await engine.EnterAsync(asked.UserCode, engine.NewSession("bob")));
        engine.Clock.Advance(refused.RetryAfter);
        Assert.IsType<DeviceLookup.Unknown>(await engine.EnterAsync(Wrong));
    }

    [Fact]
    public async Task Address_has_twenty_wrong_codes_and_an_ipv6_subscriber_is_one_address()
    {
        using var engine = DeviceEngine.Create();
        for (var i = 0; i < 20; i++)
        {
            await engine.EnterAsync(Wrong, engine.NewSession("person-" + i), $"2001:db8:1:2::{i + 1:x}");
        }

        var refused = Assert.IsType<DeviceLookup.TooMany>(await engine.EnterAsync(Wrong, engine.NewSession("one more"), "2001:db8:1:2:ffff::1"));

        Assert.Equal("device-code:address", refused.Limit);
        Assert.IsType<DeviceLookup.Unknown>(await engine.EnterAsync(Wrong, engine.NewSession("elsewhere"), "2001:db8:1:3::1"));
    }

    [Fact]
    public async Task Everybody_together_has_five_hundred_wrong_codes_and_who_is_refused_takes_none_of_them()
    {
        using var engine = DeviceEngine.Create();
        var alice = engine.NewSession("alice");
        for (var i = 0; i < 1000; i++)
        {
            await engine.EnterAsync(Wrong, alice, "198.51.100.200");
        }

        for (var i = 0; i < 495; i++)
        {
            Assert.IsType<DeviceLookup.Unknown>(await engine.EnterAsync(Wrong, engine.NewSession("person-" + i), $"203.0.113.{i / 10}"));
        }

        var refused = Assert.IsType<DeviceLookup.TooMany>(await engine.EnterAsync(Wrong, engine.NewSession("one more"), "192.0.2.99"));
        Assert.Equal("device-code:everybody", refused.Limit);
    }

    [Fact]
    public async Task Right_codes_and_codes_that_cannot_be_any_use_up_nothing()
    {
        using var engine = DeviceEngine.Create();
        var asked = await engine.AskAsync();

        for (var i = 0; i < 30; i++)
        {
            Assert.IsType<DeviceLookup.Found>(await engine.EnterAsync(asked.UserCode));
            Assert.IsType<DeviceLookup.Unknown>(await engine.EnterAsync("AEIO-U123"));
        }
    }

    [Fact]
    public async Task Sign_in_has_to_be_fresh_enough_for_the_server_and_for_the_client()
    {
        using var engine = DeviceEngine.Create(client: DeviceEngine.Device with { DefaultMaxAge = TimeSpan.FromMinutes(1) });
        engine.Clock.Advance(TimeSpan.FromMinutes(2));
        var asked = await engine.AskAsync();
        var signIn = engine.Get<DeviceSignIn>();

        Assert.True(signIn.IsFreshEnough(engine.Session));
        Assert.IsType<DeviceLookup.SignInAgain>(await engine.EnterAsync(asked.UserCode));
        engine.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.IsType<DeviceLookup.Found>(await engine.EnterAsync(asked.UserCode, engine.NewSession("alice")));
        engine.Clock.Advance(TimeSpan.FromMinutes(8) + TimeSpan.FromTicks(1));
        Assert.False(signIn.IsFreshEnough(engine.Session));
    }
}
