using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Clients;

/// <summary>Wrong secrets are counted by client id and address.</summary>
public sealed class ClientAuthenticationLimitsTests : IDisposable
{
    private const string Here = "192.0.2.1";
    private const string Elsewhere = "192.0.2.2";

    private readonly Engine _engine = new(options => (options.ClientAuthentication.Failures, options.ClientAuthentication.FailuresPerAddress) = (3, 5));

    public ClientAuthenticationLimitsTests() =>
        _engine.Register(Engine.ConfidentialClient with { ClientId = "shop" }, Engine.ConfidentialClient with { ClientId = "mill" });

    public void Dispose() => _engine.Dispose();

    [Fact]
    [Clause("RFC 6749", "2.3.1", "the authorization server MUST protect any endpoint utilizing it against brute force attacks.")]
    public async Task After_three_wrong_secrets_even_the_right_one_waits_there_and_nowhere_else()
    {
        await GuessAsync("shop", 3);

        var refused = await AskAsync("shop", Engine.Secret, Here);
        Assert.Equal(ErrorCodes.InvalidClient, refused.Error!.Code);
        Assert.InRange(refused.Error.RetryAfter!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Assert.True((await AskAsync("shop", Engine.Secret, Elsewhere)).Succeeded);
        Assert.True((await AskAsync("mill", Engine.Secret, Here)).Succeeded);

        _engine.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True((await AskAsync("shop", Engine.Secret, Here)).Succeeded);
    }

    [Fact]
    public async Task A_client_that_does_not_exist_is_answered_alike()
    {
        foreach (var clientId in new[] { "shop", "nobody" })
        {
            using var engine = new Engine(options => options.ClientAuthentication.Failures = 3);
            engine.Register(Engine.ConfidentialClient with { ClientId = "shop" });
            var answers = new List<(string, string, bool)>();
            for (var attempt = 0; attempt < 5; attempt++)
            {
                var error = (await AskAsync(engine, clientId, "wrong", Here)).Error!;
                answers.Add((error.Code, error.Description, error.RetryAfter is not null));
            }

            Assert.Equal([false, false, false, true, true], answers.Select(answer => answer.Item3));
            Assert.Equal(2, answers.Distinct().Count());
        }
    }

    [Fact]
    public async Task One_address_has_so_many_for_all_clients_together()
    {
        for (var number = 0; number < 5; number++)
        {
            Assert.Null((await AskAsync($"guess-{number}", "wrong", Here)).Error!.RetryAfter);
        }

        Assert.NotNull((await AskAsync("guess-5", "wrong", Here)).Error!.RetryAfter);
        Assert.NotNull((await AskAsync("mill", Engine.Secret, Here)).Error!.RetryAfter);
        Assert.True((await AskAsync("mill", Engine.Secret, Elsewhere)).Succeeded);
    }

    /// <summary>What one node has counted, others know by the database: their next wrong one is one too many.</summary>
    [Fact]
    public async Task Another_node_goes_on_counting_where_the_first_one_stopped()
    {
        await GuessAsync("shop", 3);
        var other = OtherNodeOf(_engine);

        Assert.Null(other.FindPause("shop", Here));
        Assert.NotNull(await other.CountAsync("shop", Here, CancellationToken.None));
        Assert.NotNull(other.FindPause("shop", Here));
        Assert.Null(other.FindPause("shop", Elsewhere));
    }

    [Fact]
    public async Task Guesses_at_the_same_time_are_all_counted()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Task.Run(() => AskAsync("shop", "wrong", Here))));

        Assert.Equal(3, answers.Count(answer => answer.Error!.RetryAfter is null));
    }

    private static ClientAuthenticationLimits OtherNodeOf(Engine engine) => new(
        engine.Get<Protocol.Attempts.AttemptGate>(),
        engine.Clock,
        engine.Get<Microsoft.Extensions.Options.IOptions<Configuration.ProtocolOptions>>());

    private async Task GuessAsync(string clientId, int times)
    {
        for (var attempt = 0; attempt < times; attempt++)
        {
            Assert.Null((await AskAsync(clientId, "wrong", Here)).Error!.RetryAfter);
        }
    }

    private Task<Result<Client>> AskAsync(string clientId, string secret, string address) => AskAsync(_engine, clientId, secret, address);

    private static Task<Result<Client>> AskAsync(Engine engine, string clientId, string secret, string address) =>
        engine.Get<ClientAuthenticator>().AuthenticateAsync(
            new ClientCredentials
            {
                RemoteAddress = address,
                Parameters = RequestParameters.Parse([new("client_id", clientId), new("client_secret", secret)]),
            },
            CancellationToken.None);
}
