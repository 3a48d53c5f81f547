using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Server.Commands;
using IdentityProvider.Storage;
using IdentityProvider.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityProvider.Server.Tests.Keys;

/// <summary><c>keys rotate --compromised</c>, seen by those who hold what the key made.</summary>
public sealed class CompromisedKeyTests : IDisposable
{
    private readonly ServerFixture _server = new();
    private readonly Client _client;

    public CompromisedKeyTests() => _client = _server.Register(TestClients.Confidential());

    public void Dispose() => _server.Dispose();

    [Fact]
    [Case(410)]
    public async Task Tokens_of_a_compromised_signing_key_are_dead_at_once_and_new_ones_have_another_key()
    {
        var tokens = await _server.GetTokensAsync(_client);
        var kid = KeyIdOf(tokens.AccessToken);
        Assert.True(await _server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal(200, (await _server.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.Contains(kid, (await _server.GetAsync("/.well-known/jwks.json")).Body, StringComparison.Ordinal);

        await DeclareAsync(kid);

        Assert.False(await _server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal(401, (await _server.UserInfoAsync(tokens.AccessToken)).Status);
        Assert.DoesNotContain(kid, (await _server.GetAsync("/.well-known/jwks.json")).Body, StringComparison.Ordinal);
        var refreshed = await _server.RefreshAsync(_client, tokens.RefreshToken);
        Assert.NotEqual(kid, KeyIdOf(refreshed.AccessToken));
        Assert.True(await _server.IsActiveAsync(refreshed.AccessToken));
        Assert.Contains(KeyIdOf(refreshed.AccessToken), (await _server.GetAsync("/.well-known/jwks.json")).Body, StringComparison.Ordinal);
    }

    [Fact]
    [Case(410)]
    public async Task Sessions_and_codes_of_a_compromised_sealing_key_are_asked_for_again()
    {
        using var browser = await _server.SignInAsync("alice");
        var code = (await browser.AuthorizeAsync(_client))["code"];

        await DeclareAsync(IdOf(KeyPurposes.Sealing));

        await browser.GoAsync("/account");
        Assert.Equal("/signin", browser.Address.AbsolutePath);
        Assert.Equal((400, "invalid_grant"), (await _server.RedeemAsync(_client, code)).StatusAndError);
        using var again = await _server.SignInAsync("alice");
        Assert.Equal("/account", again.Address.AbsolutePath);
    }

    [Fact]
    [Case(410)]
    public async Task Refresh_tokens_of_a_compromised_mac_key_are_dead_at_once()
    {
        var tokens = await _server.GetTokensAsync(_client);

        await DeclareAsync(IdOf(KeyPurposes.Mac));

        Assert.Equal((400, "invalid_grant"), (await _server.RefreshAsync(_client, tokens.RefreshToken)).StatusAndError);
        Assert.False((await _server.IntrospectAsync(_client, tokens.RefreshToken)).Json.GetProperty("active").GetBoolean());
        var fresh = await _server.GetTokensAsync(_client);
        Assert.Equal(200, (await _server.RefreshAsync(_client, fresh.RefreshToken)).Status);
    }

    [Fact]
    [Case(410)]
    [Case(403)]
    public async Task Clock_that_is_set_back_an_hour_does_not_bring_the_key_back()
    {
        var tokens = await _server.GetTokensAsync(_client);
        var kid = KeyIdOf(tokens.AccessToken);
        await DeclareAsync(kid);

        _server.Clock.Jump(TimeSpan.FromHours(-1));
        await _server.Services.GetRequiredService<KeyRing>().RefreshAsync(CancellationToken.None);

        Assert.False(await _server.IsActiveAsync(tokens.AccessToken));
        Assert.DoesNotContain(kid, (await _server.GetAsync("/.well-known/jwks.json")).Body, StringComparison.Ordinal);
        Assert.Equal(200, (await _server.GetTokensAsync(_client)).Status);
    }

    /// <summary>By the operator's command; the audit trail tells of it.</summary>
    private async Task DeclareAsync(string key)
    {
        Assert.Equal(0, await KeysCommand.RunAsync(
            _server.Services, ["rotate", "--compromised", key], TextWriter.Null, TextWriter.Null, CancellationToken.None));
        await using var context = await _server.Services.GetRequiredService<IDbContextFactory<IdentityProviderDbContext>>().CreateDbContextAsync();
        var type = AuditEventTypes.KeyCompromised;
        var told = await context.Database.SqlQuery<string>($"SELECT detail AS \"Value\" FROM audit_events WHERE type = {type}").ToListAsync();
        Assert.Equal($"key {key} declared compromised", Assert.Single(told));
    }

    private string IdOf(string purpose) =>
        Assert.Single(_server.Services.GetRequiredService<KeyRing>().Records, record => record.Purpose == purpose).Id;

    private static string KeyIdOf(string token) => StatusLists.Part(token, 0).GetProperty("kid").GetString()!;
}
