using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class RevocationEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private readonly Client _client = server.Register(TestClients.Public());

    [Fact]
    [Clause("RFC 7009", "2.1", "If the particular token is a refresh token and the authorization server supports the revocation of access tokens, then the authorization server SHOULD also invalidate all access tokens based on the same authorization grant")]
    [Case(232)]
    public async Task Refresh_token_takes_its_access_tokens_along()
    {
        var tokens = await server.GetTokensAsync(_client);

        var answer = await server.RevokeAsync(_client, tokens.RefreshToken);

        Assert.Equal((200, 0, "no-store"), (answer.Status, answer.Bytes.Length, answer.Header("Cache-Control")));
        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal((400, "invalid_grant"), (await server.RefreshAsync(_client, tokens.RefreshToken)).StatusAndError);
    }

    [Fact]
    public async Task Access_token_dies_alone_and_the_refresh_token_gives_a_live_one()
    {
        var tokens = await server.GetTokensAsync(_client);

        Assert.Equal(200, (await server.RevokeAsync(_client, tokens.AccessToken)).Status);

        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
        var refreshed = await server.RefreshAsync(_client, tokens.RefreshToken);
        Assert.True(await server.IsActiveAsync(refreshed.AccessToken));
    }

    [Fact]
    [Clause("RFC 7009", "2.2", "The authorization server responds with HTTP status code 200 if the token has been revoked successfully or if the client submitted an invalid token.")]
    [Case(229)]
    public async Task Unknown_token_and_unknown_hint_are_no_errors()
    {
        Assert.Equal(200, (await server.RevokeAsync(_client, "unknown")).Status);
        Assert.Equal(200, (await server.PostAsync("/connect/revoke", _client, ("token", "x"), ("token_type_hint", "pigeon"))).Status);
    }

    [Fact]
    [Case(230)]
    public async Task Another_clients_token_stays_good()
    {
        var tokens = await server.GetTokensAsync(_client);
        var other = server.Register(TestClients.Public());

        Assert.Equal((400, "invalid_grant"), (await server.RevokeAsync(other, tokens.AccessToken)).StatusAndError);
        Assert.Equal((400, "invalid_grant"), (await server.RevokeAsync(other, tokens.RefreshToken)).StatusAndError);

        Assert.True(await server.IsActiveAsync(tokens.AccessToken));
        Assert.Equal(200, (await server.RefreshAsync(_client, tokens.RefreshToken)).Status);
    }

    [Fact]
    [Clause("RFC 7009", "2.2.1", "unsupported_token_type: The authorization server does not support the revocation of the presented token type.")]
    public async Task Token_of_a_client_for_itself_is_refused_honestly()
    {
        var worker = server.Register(TestClients.Worker());
        var token = (await server.PostAsync("/connect/token", worker, ("grant_type", "client_credentials"))).AccessToken;

        Assert.Equal((400, "unsupported_token_type"), (await server.RevokeAsync(worker, token)).StatusAndError);
        Assert.True(await server.IsActiveAsync(token));
    }

    [Fact]
    public async Task Missing_token_is_an_invalid_request_and_wrong_client_an_invalid_one()
    {
        Assert.Equal((400, "invalid_request"), (await server.PostAsync("/connect/revoke", _client)).StatusAndError);
        Assert.Equal((401, "invalid_client"), (await server.RevokeAsync(_client with { ClientId = "nobody" }, "x")).StatusAndError);
    }
}
