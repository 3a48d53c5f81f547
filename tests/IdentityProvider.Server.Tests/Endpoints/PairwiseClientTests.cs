using System.Buffers.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

/// <summary>A pairwise client over HTTP and the database: our own endpoints find the account behind a <c>sub</c> that nothing stores.</summary>
public sealed class PairwiseClientTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private Client Register() => server.Register(TestClients.Public() with { SubjectType = SubjectTypes.Pairwise });

    [Fact]
    [Clause("OIDC Core", "5.3.2", "The sub Claim in the UserInfo Response MUST be verified to exactly match the sub Claim in the ID Token")]
    public async Task Userinfo_and_introspection_say_the_subject_of_the_tokens_with_one_read_each()
    {
        var client = Register();
        var api = server.Register(TestClients.Api());
        var tokens = await server.GetTokensAsync(client, "alice", ("scope", "openid profile orders.read"));
        var subject = JsonDocument.Parse(Base64Url.DecodeFromChars(tokens.IdToken.Split('.')[1])).RootElement.GetProperty("sub").GetString();
        Assert.Matches("^[A-Za-z0-9_-]{43}$", subject);

        Answer? info = null, told = null;
        var infoStatements = await ServerFixture.CountStatementsAsync(async () => info = await server.UserInfoAsync(tokens.AccessToken));
        var toldStatements = await ServerFixture.CountStatementsAsync(async () => told = await server.IntrospectAsync(api, tokens.AccessToken));

        Assert.Equal((subject, "Alice Example"), (info!.Json.GetProperty("sub").GetString(), info.Json.GetProperty("name").GetString()));
        Assert.Equal(subject, told!.Json.GetProperty("sub").GetString());
        Assert.Equal(((1, 0), (1, 0)), (infoStatements, toldStatements));
    }

    [Fact]
    public async Task Signing_out_by_a_pairwise_hint_needs_no_question()
    {
        var client = Register();
        using var browser = server.NewBrowser();
        var tokens = await server.RedeemAsync(client, (await browser.AuthorizeAsync(client))["code"]);

        await browser.GoAsync(
            $"/connect/endsession?id_token_hint={tokens.IdToken}&post_logout_redirect_uri={Uri.EscapeDataString(TestClients.SignedOut)}");

        Assert.Equal(TestClients.SignedOut, browser.LeftTo!.ToString());
        Assert.False(await server.IsActiveAsync(tokens.AccessToken));
    }
}
