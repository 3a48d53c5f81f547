using System.Text.Json;
using IdentityProvider.Protocol.Discovery;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Protocol.Tests.Keys;

public sealed class JsonWebKeySetDocumentTests
{
    private static readonly string[] EveryKindOfKey = ["RS256", "PS256", "ES256", "ES384", "ES512"];

    [Fact]
    [Clause("RFC 7517", "9.2", "Private and symmetric keys MUST be protected from disclosure to unintended parties.")]
    public async Task Every_key_has_public_members_only_and_says_its_name_its_use_and_its_algorithm()
    {
        string[] allowed = ["kty", "use", "alg", "kid", "n", "e", "crv", "x", "y"];
        using var node = await TestNode.StartAsync(new InMemoryKeyStore(), new TestClock(), keys => keys.Algorithms = EveryKindOfKey);

        var keys = Parse(node.Ring.Document);

        Assert.Equal(5, keys.Count);
        Assert.All(keys, key =>
        {
            Assert.Empty(key.EnumerateObject().Select(member => member.Name).Except(allowed, StringComparer.Ordinal));
            Assert.Equal("sig", key.GetProperty("use").GetString());
            Assert.Contains(key.GetProperty("alg").GetString(), EveryKindOfKey);
        });
        Assert.Equal(EveryKindOfKey, keys.Select(key => key.GetProperty("alg").GetString()));
        Assert.Equal(5, keys.Select(key => key.GetProperty("kid").GetString()).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_reader_as_strict_as_ours_takes_it_and_each_kid_is_the_thumbprint()
    {
        using var node = await TestNode.StartAsync(new InMemoryKeyStore(), new TestClock(), keys => keys.Algorithms = ["ES256", "ES384"]);

        Assert.True(JsonWebKeySet.TryParse(node.Ring.Document.Body.Span, strict: true, out var set, out var reason), reason);
        Assert.All(set.Keys, key => Assert.Equal(key.Thumbprint, key.KeyId));
    }

    [Fact]
    public async Task It_is_the_same_bytes_until_the_ring_changes()
    {
        var clock = new TestClock();
        var store = new InMemoryKeyStore();
        using var node = await TestNode.StartAsync(store, clock, keys => keys.Algorithms = ["ES256"]);
        using var other = await TestNode.StartAsync(store, clock, keys => keys.Algorithms = ["ES256"]);
        var before = node.Ring.Document;

        clock.Advance(TimeSpan.FromHours(1));
        await node.AdvanceAsync();
        Assert.Same(before, node.Ring.Document);
        Assert.Equal(before.ETag, other.Ring.Document.ETag);

        await node.Rotation.RotateAsync("ES256", CancellationToken.None);
        Assert.NotEqual(before.ETag, node.Ring.Document.ETag);
        Assert.Equal(2, Parse(node.Ring.Document).Count);
    }

    [Fact]
    public async Task The_key_that_signs_stands_before_the_announced_and_the_retired_ones()
    {
        var clock = new TestClock();
        using var node = await TestNode.StartAsync(new InMemoryKeyStore(), clock, keys => keys.Algorithms = ["ES256", "ES384"]);
        await node.Rotation.RotateAsync(algorithm: null, CancellationToken.None);
        AssertOrder();
        clock.Advance(TimeSpan.FromDays(2));
        AssertOrder();

        void AssertOrder()
        {
            var keys = Parse(node.Ring.Document);
            Assert.Equal(["ES256", "ES256", "ES384", "ES384"], keys.Select(key => key.GetProperty("alg").GetString()));
            Assert.Equal(node.Ring.GetSigner(SigningAlgorithm.ES256).KeyId, keys[0].GetProperty("kid").GetString());
            Assert.Equal(node.Ring.GetSigner(SigningAlgorithm.ES384).KeyId, keys[2].GetProperty("kid").GetString());
        }
    }

    [Fact]
    public async Task It_says_how_long_it_may_be_cached()
    {
        using var node = await TestNode.StartAsync(new InMemoryKeyStore(), new TestClock(), keys =>
        {
            keys.Algorithms = ["ES256"];
            keys.JwksMaxAge = TimeSpan.FromMinutes(10);
        });

        Assert.Equal("public, max-age=600", node.Ring.Document.CacheControl);
        Assert.Matches("^\"[A-Za-z0-9_-]{22}\"$", node.Ring.Document.ETag);
    }

    private static List<JsonElement> Parse(JsonWebKeySetDocument document) =>
        [.. JsonDocument.Parse(document.Body).RootElement.GetProperty("keys").EnumerateArray()];
}
