using IdentityProvider.Protocol.Clients;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class StatusListEndpointTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private readonly Client _client = server.Register(TestClients.Public());

    [Fact]
    public async Task Revoked_token_has_its_bit_set_in_the_list_it_names_and_a_live_one_has_not()
    {
        var revoked = await server.GetTokensAsync(_client);
        var live = await server.GetTokensAsync(_client);
        Assert.False(await IsSetAsync(revoked.AccessToken));

        await server.RevokeAsync(_client, revoked.RefreshToken);
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await IsSetAsync(revoked.AccessToken));
        Assert.False(await IsSetAsync(live.AccessToken));
    }

    [Fact]
    public async Task List_is_a_cacheable_jwt_open_to_every_origin()
    {
        var address = StatusLists.ReferenceOf((await server.GetTokensAsync(_client)).AccessToken).Uri;

        var answer = await server.GetAsync(address);

        Assert.Equal(200, answer.Status);
        Assert.Equal("application/statuslist+jwt", answer.Header("Content-Type"));
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("public, max-age=1", answer.Header("Cache-Control"));
        Assert.Equal("Accept", answer.Header("Vary"));
        var payload = StatusLists.Part(answer.Body, 1);
        Assert.Equal(address, payload.GetProperty("sub").GetString());
        Assert.Equal(10, payload.GetProperty("ttl").GetInt32());
        Assert.Equal("statuslist+jwt", StatusLists.Part(answer.Body, 0).GetProperty("typ").GetString());
        Assert.Equal(304, (await SendAsync(address, "If-None-Match", answer.Header("ETag")!)).Status);
    }

    [Theory]
    [InlineData("application/statuslist+jwt", 200)]
    [InlineData("application/statuslist+cwt, application/statuslist+jwt;q=0.5", 200)]
    [InlineData("*/*", 200)]
    [InlineData("application/*", 200)]
    [InlineData("application/statuslist+cwt", 406)]
    [InlineData("application/statuslist+json", 406)]
    [InlineData("text/html", 406)]
    [InlineData("application/statuslist+jwt;q=0", 406)]
    [InlineData("junk junk", 406)]
    public async Task Only_the_jwt_form_is_published(string accept, int status)
    {
        var address = StatusLists.ReferenceOf((await server.GetTokensAsync(_client)).AccessToken).Uri;

        Assert.Equal(status, (await SendAsync(address, "Accept", accept)).Status);
    }

    [Theory]
    [InlineData("/connect/statuslists/999999", 404)]
    [InlineData("/connect/statuslists/-1", 404)]
    [InlineData("/connect/statuslists/01", 404)]
    [InlineData("/connect/statuslists/1e3", 404)]
    [InlineData("/connect/statuslists/99999999999999999999", 404)]
    [InlineData("/connect/statuslists/x", 404)]
    [InlineData("/connect/statuslists", 404)]
    [InlineData("/connect/statuslists/0?time=1700000000", 501)]
    public async Task What_is_no_list_of_ours_is_not_found(string path, int status)
    {
        Assert.Equal(status, (await server.GetAsync(path)).Status);
    }

    private Task<bool> IsSetAsync(string accessToken) => server.IsSetAsync(StatusLists.ReferenceOf(accessToken));

    private Task<Answer> SendAsync(string address, string header, string value)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation(header, value);
        return server.SendAsync(request);
    }
}
