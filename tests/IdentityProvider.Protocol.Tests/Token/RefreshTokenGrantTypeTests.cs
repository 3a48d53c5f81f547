using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Token;

public sealed class RefreshTokenGrantTypeTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    private async Task<string> FirstTokenAsync()
    {
        var redeemed = await _engine.RedeemAsync(await _engine.GetCodeAsync());
        return redeemed.Value!.RefreshToken!;
    }

    [Fact]
    public async Task Each_refresh_gives_a_new_refresh_token()
    {
        var first = await FirstTokenAsync();

        var refreshed = await _engine.RefreshAsync(first);

        Assert.NotNull(refreshed.Value?.RefreshToken);
        Assert.NotEqual(first, refreshed.Value.RefreshToken);
    }

    [Fact]
    public async Task Token_used_again_inside_the_window_gets_the_same_successor()
    {
        var first = await FirstTokenAsync();
        var one = await _engine.RefreshAsync(first);
        _engine.Clock.Advance(TimeSpan.FromSeconds(9));

        var two = await _engine.RefreshAsync(first);

        Assert.Equal(one.Value!.RefreshToken, two.Value!.RefreshToken);
    }

    [Fact]
    [Case(104)]
    [Clause("RFC 9700", "4.14.2", "the authorization server ... will revoke the active refresh token")]
    public async Task Token_used_again_after_the_window_ends_the_grant()
    {
        var first = await FirstTokenAsync();
        var one = await _engine.RefreshAsync(first);
        _engine.Clock.Advance(TimeSpan.FromSeconds(10));

        var replay = await _engine.RefreshAsync(first);
        var successor = await _engine.RefreshAsync(one.Value!.RefreshToken!);

        Assert.Equal("invalid_grant", replay.Error!.Code);
        Assert.Equal("invalid_grant", successor.Error!.Code);
        Assert.Contains(_engine.Audit.Events, entry => entry.Type == AuditEventTypes.RefreshTokenReplayed);
        Assert.True(await _engine.Grants.IsRevokedAsync(_engine.Grants.Grants.Values.Single().Status, CancellationToken.None));
    }

    [Fact]
    public async Task Token_two_rotations_old_ends_the_grant_even_inside_the_window()
    {
        var first = await FirstTokenAsync();
        var one = await _engine.RefreshAsync(first);
        await _engine.RefreshAsync(one.Value!.RefreshToken!);

        var replay = await _engine.RefreshAsync(first);

        Assert.Equal("invalid_grant", replay.Error!.Code);
        Assert.NotNull(_engine.Grants.Grants.Values.Single().RevokedAt);
    }

    [Fact]
    public async Task Window_of_zero_makes_every_second_use_a_replay()
    {
        using var engine = new Engine(options => options.Tokens.RefreshTokenReuseWindow = TimeSpan.Zero);
        var redeemed = await engine.RedeemAsync(await engine.GetCodeAsync());
        await engine.RefreshAsync(redeemed.Value!.RefreshToken!);

        Assert.Equal("invalid_grant", (await engine.RefreshAsync(redeemed.Value.RefreshToken!)).Error!.Code);
    }

    [Fact]
    [Case(107)]
    public async Task Many_callers_at_once_are_all_given_one_successor()
    {
        var first = await FirstTokenAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => _engine.RefreshAsync(first))));

        Assert.Single(answers.Select(answer => answer.Value!.RefreshToken).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, _engine.Grants.Grants.Values.Single().Counter);
    }

    [Fact]
    public async Task Counter_ahead_of_a_restored_row_is_accepted_and_moves_the_row_forward()
    {
        var second = (await _engine.RefreshAsync(await FirstTokenAsync())).Value!.RefreshToken!;
        var third = (await _engine.RefreshAsync(second)).Value!.RefreshToken!;
        var grant = _engine.Grants.Grants.Values.Single();
        _engine.Grants.Grants[grant.Id] = grant with { Counter = 0, RotatedAt = null };

        var refreshed = await _engine.RefreshAsync(third);

        Assert.True(refreshed.Succeeded);
        Assert.Equal(3, _engine.Grants.Grants[grant.Id].Counter);
    }

    [Fact]
    [Case(109)]
    [Clause("RFC 6749", "6", "the authorization server MUST ... ensure that the refresh token was issued to the authenticated client")]
    public async Task Token_shown_by_another_client_is_refused_and_stays_good_for_its_owner()
    {
        _engine.Register(Engine.DefaultClient, Engine.DefaultClient with { ClientId = "other" });
        var first = await FirstTokenAsync();

        var stolen = await _engine.RefreshAsync(first, clientId: "other");
        var own = await _engine.RefreshAsync(first);

        Assert.Equal("invalid_grant", stolen.Error!.Code);
        Assert.True(own.Succeeded);
        Assert.Contains(_engine.Audit.Events, entry => entry.Type == AuditEventTypes.RefreshTokenMisused && entry.ClientId == "other");
    }

    [Fact]
    [Case(110)]
    public async Task Wider_scope_is_refused_and_a_narrower_one_can_be_widened_again()
    {
        var first = await FirstTokenAsync();

        var wider = await _engine.RefreshAsync(first, scope: "openid orders.read orders.write");
        var narrower = await _engine.RefreshAsync(first, scope: "orders.read");
        var original = await _engine.RefreshAsync(narrower.Value!.RefreshToken!);

        Assert.Equal("invalid_scope", wider.Error!.Code);
        Assert.Equal("orders.read", narrower.Value.Scope.ToString());
        Assert.Null(narrower.Value.IdToken);
        Assert.Equal("openid orders.read", original.Value!.Scope.ToString());
    }

    [Fact]
    [Case(113)]
    public async Task Grant_cannot_be_kept_alive_past_its_absolute_end()
    {
        using var engine = new Engine(options =>
        {
            options.Tokens.RefreshTokenIdleLifetime = TimeSpan.FromDays(10);
            options.Tokens.RefreshTokenAbsoluteLifetime = TimeSpan.FromDays(25);
        });
        var token = (await engine.RedeemAsync(await engine.GetCodeAsync())).Value!.RefreshToken!;
        foreach (var day in new[] { 9, 9, 6 })
        {
            engine.Clock.Advance(TimeSpan.FromDays(day));
            token = (await engine.RefreshAsync(token)).Value!.RefreshToken!;
        }

        engine.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal("invalid_grant", (await engine.RefreshAsync(token)).Error!.Code);
    }

    [Fact]
    public async Task Unused_token_ends_with_the_idle_lifetime()
    {
        var first = await FirstTokenAsync();
        _engine.Clock.Advance(TimeSpan.FromDays(14));

        Assert.Equal("invalid_grant", (await _engine.RefreshAsync(first)).Error!.Code);
    }

    [Fact]
    public async Task Refresh_is_one_read_and_one_write()
    {
        var first = await FirstTokenAsync();
        var (reads, writes) = (_engine.Grants.Reads, _engine.Grants.Writes);

        await _engine.RefreshAsync(first);

        Assert.Equal((1, 1), (_engine.Grants.Reads - reads, _engine.Grants.Writes - writes));
    }

    [Fact]
    public async Task Forged_token_is_refused_without_asking_the_store()
    {
        var first = await FirstTokenAsync();
        var reads = _engine.Grants.Reads;
        for (var i = 0; i < first.Length; i++)
        {
            var flipped = first[i] == 'A' ? 'B' : 'A';
            var forged = string.Concat(first.AsSpan(0, i), [flipped], first.AsSpan(i + 1));
            Assert.Equal("invalid_grant", (await _engine.RefreshAsync(forged)).Error!.Code);
        }

        Assert.Equal(reads, _engine.Grants.Reads);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("AAAA")]
    [InlineData("äöü")]
    public async Task Junk_is_refused_as_a_grant_and_not_as_a_fault(string junk) =>
        Assert.Equal("invalid_grant", (await _engine.RefreshAsync(junk)).Error!.Code);

    [Fact]
    [Clause("OIDC Core", "12.2", "its auth_time Claim MUST represent the time of the original authentication")]
    public async Task Refreshed_id_token_keeps_who_signed_in_and_when()
    {
        var redeemed = await _engine.RedeemAsync(await _engine.GetCodeAsync());
        _engine.Clock.Advance(TimeSpan.FromMinutes(5));
        var refreshed = await _engine.RefreshAsync(redeemed.Value!.RefreshToken!);

        var before = Engine.Payload(redeemed.Value.IdToken!);
        var after = Engine.Payload(refreshed.Value!.IdToken!);
        foreach (var claim in new[] { "iss", "sub", "aud", "auth_time", "sid" })
        {
            Assert.Equal(before.GetProperty(claim).ToString(), after.GetProperty(claim).ToString());
        }

        Assert.False(after.TryGetProperty("nonce", out _));
        Assert.Equal(before.GetProperty("iat").GetInt64() + 300, after.GetProperty("iat").GetInt64());
    }
}
