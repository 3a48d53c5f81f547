using IdentityProvider.Testing;

namespace IdentityProvider.Server.Tests.Endpoints;

/// <summary>Guessing client secrets, seen from outside.</summary>
public sealed class ClientSecretLimitsTests : IDisposable
{
    private readonly ServerFixture _server = ServerFixture.With("""{ "ClientAuthentication": { "failures": 3 } }""");

    public void Dispose() => _server.Dispose();

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/introspect")]
    [InlineData("/connect/revoke")]
    [InlineData("/connect/deviceauthorization")]
    [Clause("RFC 6749", "2.3.1", "the authorization server MUST protect any endpoint utilizing it against brute force attacks.")]
    public async Task Wrong_secrets_are_refused_with_401_and_then_with_429_from_memory(string path)
    {
        var worker = _server.Register(TestClients.Worker());
        for (var guess = 0; guess < 3; guess++)
        {
            Assert.Equal((401, "invalid_client"), (await GuessAsync(path, worker.ClientId)).StatusAndError);
        }

        var answer = (Answer?)null;
        var statements = await ServerFixture.CountStatementsAsync(async () => answer = await GuessAsync(path, worker.ClientId));

        Assert.Equal((429, "invalid_client"), answer!.StatusAndError);
        Assert.Equal((0, 0), statements);
        Assert.InRange(int.Parse(answer.Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture), 1, 600);
        Assert.Equal(429, (await _server.PostAsync("/connect/token", worker, ("grant_type", "client_credentials"))).Status);
        _server.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(200, (await _server.PostAsync("/connect/token", worker, ("grant_type", "client_credentials"))).Status);
    }

    private Task<Answer> GuessAsync(string path, string clientId) => _server.SendAsync(new HttpRequestMessage(HttpMethod.Post, path)
    {
        Headers = { Authorization = ServerFixture.Basic(clientId, "a wrong secret") },
        Content = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("token", "x")]),
    });
}
