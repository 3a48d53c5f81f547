using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Revocation;
using IdentityProvider.Protocol.Tests.InMemory;
using IdentityProvider.Protocol.Token;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Revocation;

public sealed class RevocationRequestHandlerTests : IDisposable
{
    private readonly Engine _engine = new Engine().WithApis();

    [Fact]
    public async Task Revoked_refresh_token_takes_its_access_tokens_along()
    {
        var tokens = await SignInAsync();

        Assert.Null(await RevokeAsync(tokens.RefreshToken!));

        Assert.Equal(ErrorCodes.InvalidGrant, (await _engine.RefreshAsync(tokens.RefreshToken!)).Error?.Code);
        Assert.True(await IsWithdrawnAsync(tokens.AccessToken));
        Assert.Equal(AuditEventTypes.TokenRevoked, Assert.Single(_engine.Audit.Events).Type);
    }

    [Fact]
    public async Task Rotated_refresh_token_ends_the_grant_as_well()
    {
        var tokens = await SignInAsync();
        var refreshed = (await _engine.RefreshAsync(tokens.RefreshToken!)).Value!;

        Assert.Null(await RevokeAsync(tokens.RefreshToken!));

        Assert.Equal(ErrorCodes.InvalidGrant, (await _engine.RefreshAsync(refreshed.RefreshToken!)).Error?.Code);
    }

    [Fact]
    public async Task Revoked_access_token_is_withdrawn_and_the_grant_goes_on_with_a_fresh_status()
    {
        var tokens = await SignInAsync();

        Assert.Null(await RevokeAsync(tokens.AccessToken));

        Assert.True(await IsWithdrawnAsync(tokens.AccessToken));
        var refreshed = (await _engine.RefreshAsync(tokens.RefreshToken!)).Value!;
        Assert.False(await IsWithdrawnAsync(refreshed.AccessToken));
    }

    [Fact]
    public async Task Revoking_twice_is_revoking_once()
    {
        var tokens = await SignInAsync();

        Assert.Null(await RevokeAsync(tokens.AccessToken));
        Assert.Null(await RevokeAsync(tokens.AccessToken));
        Assert.Null(await RevokeAsync(tokens.RefreshToken!));
        Assert.Null(await RevokeAsync(tokens.RefreshToken!));

        Assert.Equal(2, _engine.Audit.Events.Count);
    }

    [Theory]
    [InlineData("x", null)]
    [InlineData("a.b.c", "access_token")]
    [InlineData("x", "something_new")]
    public async Task Unknown_tokens_and_hints_are_no_error(string token, string? hint)
    {
        Assert.Null(await RevokeAsync(token, hint));
    }

    [Fact]
    public async Task Wrong_hint_does_not_hide_a_token()
    {
        var tokens = await SignInAsync();

        Assert.Null(await RevokeAsync(tokens.RefreshToken!, "access_token"));

        Assert.True(await IsWithdrawnAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Another_clients_tokens_stay_good_and_the_attempt_is_audited()
    {
        var tokens = await SignInAsync();
        var handler = _engine.Get<RevocationRequestHandler>();

        var refresh = await handler.HandleAsync(TestClients.Basic("worker", ("token", tokens.RefreshToken!)), CancellationToken.None);
        var access = await handler.HandleAsync(TestClients.Basic("worker", ("token", tokens.AccessToken)), CancellationToken.None);

        Assert.Equal(ErrorCodes.InvalidGrant, refresh?.Code);
        Assert.Equal(ErrorCodes.InvalidGrant, access?.Code);
        Assert.False(await IsWithdrawnAsync(tokens.AccessToken));
        Assert.Null((await _engine.RefreshAsync(tokens.RefreshToken!)).Error);
        Assert.Equal(
            [(AuditEventTypes.RevocationRefused, "worker"), (AuditEventTypes.RevocationRefused, "worker")],
            _engine.Audit.Events.Select(entry => (entry.Type, entry.ClientId!)));
    }

    [Fact]
    public async Task Token_of_a_client_for_itself_is_an_unsupported_type()
    {
        var response = await _engine.Get<TokenRequestHandler>().HandleAsync(
            TestClients.Basic("worker", ("grant_type", "client_credentials")), CancellationToken.None);

        var error = await _engine.Get<RevocationRequestHandler>().HandleAsync(
            TestClients.Basic("worker", ("token", response.Value!.AccessToken)), CancellationToken.None);

        Assert.Equal(ErrorCodes.UnsupportedTokenType, error?.Code);
    }

    [Fact]
    public async Task Missing_token_is_an_invalid_request_and_a_wrong_client_invalid()
    {
        var handler = _engine.Get<RevocationRequestHandler>();

        var missing = await handler.HandleAsync(TestClients.Public("app"), CancellationToken.None);
        var unknown = await handler.HandleAsync(TestClients.Public("nobody", ("token", "x")), CancellationToken.None);

        Assert.Equal(ErrorCodes.InvalidRequest, missing?.Code);
        Assert.Equal(ErrorCodes.InvalidClient, unknown?.Code);
    }

    public void Dispose() => _engine.Dispose();

    private async Task<TokenResponse> SignInAsync() => (await _engine.RedeemAsync(await _engine.GetCodeAsync())).Value!;

    private Task<OAuthError?> RevokeAsync(string token, string? hint = null) =>
        _engine.Get<RevocationRequestHandler>().HandleAsync(
            hint is null ? TestClients.Public("app", ("token", token)) : TestClients.Public("app", ("token", token), ("token_type_hint", hint)),
            CancellationToken.None);

    private Task<bool> IsWithdrawnAsync(string accessToken) =>
        _engine.Grants.IsRevokedAsync(_engine.Get<AccessTokenReader>().Read(accessToken)!.Status, CancellationToken.None);
}
