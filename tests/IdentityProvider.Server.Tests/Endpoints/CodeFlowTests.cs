using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

public sealed class CodeFlowTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Code_flow_gives_tokens()
    {
        var client = server.Register(TestClients.Public());

        var tokens = await server.GetTokensAsync(client);

        Assert.Equal(200, tokens.Status);
        Assert.True(await server.IsActiveAsync(tokens.AccessToken));
    }
}
