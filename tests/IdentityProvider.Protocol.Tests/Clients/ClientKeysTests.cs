using System.Text;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Tests.InMemory;

namespace IdentityProvider.Protocol.Tests.Clients;

/// <summary>Keys that clients publish at <c>jwks_uri</c>: fetched seldom, kept not for ever.</summary>
public sealed class ClientKeysTests : IDisposable
{
    private const string Address = "https://worker.example/jwks.json";

    private static readonly SigningCredential Second = SigningCredential.Create(SigningAlgorithm.ES256, "k2");

    private readonly Engine _engine = new();
    private readonly Assertions _assertions;

    public ClientKeysTests()
    {
        _assertions = new Assertions(_engine);
        _engine.Register(Assertions.Worker with { Jwks = null, JwksUri = Address });
        Publish(Assertions.Key);
    }

    public void Dispose() => _engine.Dispose();

    private void Publish(params SigningCredential[] keys) => _engine.KeyFetcher.Documents[Address] = Encoding.UTF8.GetBytes(Assertions.KeySet(keys));

    private Task<string> PresentAsync(SigningCredential key) => _assertions.PresentAsync(_assertions.Make(key, "JWT"));

    [Fact]
    public async Task Keys_are_fetched_when_first_needed_and_then_kept()
    {
        Assert.Equal(0, _engine.KeyFetcher.Fetches);
        Assert.Equal("accepted", await PresentAsync(Assertions.Key));
        Assert.Equal("accepted", await PresentAsync(Assertions.Key));

        Assert.Equal(1, _engine.KeyFetcher.Fetches);
    }

    [Fact]
    [Case(415)]
    public async Task New_key_is_found_by_fetching_again_but_not_within_a_minute()
    {
        await PresentAsync(Assertions.Key);
        Publish(Assertions.Key, Second);
        _engine.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("invalid_client", await PresentAsync(Second));

        _engine.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("accepted", await PresentAsync(Second));
        Assert.Equal("accepted", await PresentAsync(Assertions.Key));
        Assert.Equal(2, _engine.KeyFetcher.Fetches);
    }

    [Fact]
    [Case(415)]
    public async Task Key_that_was_removed_dies_with_the_cache()
    {
        await PresentAsync(Assertions.Key);
        Publish(Second);
        _engine.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal("accepted", await PresentAsync(Assertions.Key));

        _engine.Clock.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("invalid_client", await PresentAsync(Assertions.Key));
    }

    [Fact]
    [Case(145)]
    public async Task Flood_of_unknown_keys_makes_one_fetch_a_minute()
    {
        var template = _assertions.Make().Split('.');
        await PresentAsync(Assertions.Key);
        for (var minute = 1; minute <= 3; minute++)
        {
            _engine.Clock.Advance(TimeSpan.FromMinutes(1));
            for (var i = 0; i < 500; i++)
            {
                var header = Jose.TestTokens.Encode($$"""{"alg":"ES256","typ":"JWT","kid":"unknown-{{minute}}-{{i}}"}""");
                Assert.Equal("invalid_client", await _assertions.PresentAsync($"{header}.{template[1]}.{template[2]}"));
            }

            Assert.Equal(1 + minute, _engine.KeyFetcher.Fetches);
        }
    }

    [Fact]
    [Case(92)]
    public async Task Fetch_that_fails_is_the_clients_failure_and_is_tried_again_a_minute_later()
    {
        _engine.KeyFetcher.Documents.Clear();
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal("invalid_client", await PresentAsync(Assertions.Key));
        }

        Assert.Equal(1, _engine.KeyFetcher.Fetches);
        Publish(Assertions.Key);
        _engine.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("accepted", await PresentAsync(Assertions.Key));
    }

    [Theory]
    [Case(92)]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<html>")]
    [InlineData("{\"keys\":[]}")]
    [InlineData("{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}")]
    public async Task Fetch_that_fails_leaves_the_keys_that_were_known(string document)
    {
        await PresentAsync(Assertions.Key);
        _engine.KeyFetcher.Documents[Address] = Encoding.UTF8.GetBytes(document);
        _engine.Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal("accepted", await PresentAsync(Assertions.Key));
        Assert.Equal(2, _engine.KeyFetcher.Fetches);
    }

    [Fact]
    [Case(92)]
    public async Task Fault_of_the_fetcher_is_not_remembered_for_ever()
    {
        await PresentAsync(Assertions.Key);
        _engine.KeyFetcher.Fault = new IOException("out of sockets");
        _engine.Clock.Advance(TimeSpan.FromMinutes(10));
        await Assert.ThrowsAsync<IOException>(() => PresentAsync(Assertions.Key));

        _engine.KeyFetcher.Fault = null;
        _engine.KeyFetcher.Documents.Clear();
        _engine.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("accepted", await PresentAsync(Assertions.Key));
    }

    [Fact]
    [Case(92)]
    public async Task Who_comes_during_a_fetch_waits_for_the_same_one()
    {
        var release = new TaskCompletionSource();
        _engine.KeyFetcher.Delay = release.Task;
        var waiting = Enumerable.Range(0, 16).Select(_ => PresentAsync(Assertions.Key)).ToArray();
        release.SetResult();

        Assert.All(await Task.WhenAll(waiting), answer => Assert.Equal("accepted", answer));
        Assert.Equal(1, _engine.KeyFetcher.Fetches);
    }

    [Fact]
    public async Task Keys_registered_by_value_are_never_fetched()
    {
        _engine.Register(Assertions.Worker);

        Assert.Equal("accepted", await PresentAsync(Assertions.Key));
        Assert.Equal("invalid_client", await PresentAsync(Second));
        Assert.Equal(0, _engine.KeyFetcher.Fetches);
    }
}
