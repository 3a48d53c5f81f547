using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Keys;

public sealed class SealingTests : IAsyncLifetime
{
    private readonly InMemoryKeyStore _store = new();
    private readonly TestClock _clock = new();
    private TestNode _node = null!;

    public async Task InitializeAsync() => _node = await TestNode.StartAsync(_store, _clock, keys => keys.Algorithms = ["ES256"]);

    public Task DisposeAsync()
    {
        _node.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(400)]
    [InlineData(979)]
    [InlineData(980)]
    [InlineData(100_000)]
    public void What_was_sealed_opens_to_the_same_bytes(int length)
    {
        var plaintext = RandomNumberGenerator.GetBytes(length);

        var value = _node.Sealing.Seal(SealPurpose.AuthorizationCode, plaintext);

        Assert.Equal(plaintext, _node.Sealing.Open(SealPurpose.AuthorizationCode, value));
        Assert.Matches("^[A-Za-z0-9_-]+$", value);
    }

    [Fact]
    public void Sealing_the_same_twice_gives_different_values()
    {
        Assert.NotEqual(
            _node.Sealing.Seal(SealPurpose.FlowCookie, "x"u8), _node.Sealing.Seal(SealPurpose.FlowCookie, "x"u8), StringComparer.Ordinal);
    }

    [Fact]
    public void What_was_sealed_for_one_purpose_opens_for_no_other()
    {
        foreach (var purpose in Enum.GetValues<SealPurpose>())
        {
            var value = _node.Sealing.Seal(purpose, "content"u8);
            Assert.All(Enum.GetValues<SealPurpose>().Where(other => other != purpose), other => Assert.Null(_node.Sealing.Open(other, value)));
        }
    }

    [Fact]
    public void Every_altered_character_is_refused()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        var value = _node.Sealing.Seal(SealPurpose.AuthorizationCode, "some content of a code"u8);

        for (var position = 0; position < value.Length; position++)
        {
            foreach (var replacement in Alphabet.Where(character => character != value[position]).Append('=').Append(' ').Append('é'))
            {
                var altered = value[..position] + replacement + value[(position + 1)..];
                Assert.Null(_node.Sealing.Open(SealPurpose.AuthorizationCode, altered));
            }
        }
    }

    [Fact]
    public void Every_truncation_and_every_addition_is_refused()
    {
        var value = _node.Sealing.Seal(SealPurpose.AuthorizationCode, "some content of a code"u8);

        for (var length = 0; length < value.Length; length++)
        {
            Assert.Null(_node.Sealing.Open(SealPurpose.AuthorizationCode, value[..length]));
            Assert.Null(_node.Sealing.Open(SealPurpose.AuthorizationCode, value[(value.Length - length)..]));
        }

        Assert.All((string[])["A", "AA", "AAAA", "=", "==", " ", "\n", "."], tail => Assert.Null(_node.Sealing.Open(SealPurpose.AuthorizationCode, value + tail)));
    }

    [Fact]
    public void Junk_of_any_kind_is_refused_without_an_exception()
    {
        string[] junk =
        [
            "", " ", ".", "AA==", "\0", "ünicode", new string('A', 100_000), new string('/', 100_000), new string('\u20ac', 100_000), "..", "null", "{}",
            Convert.ToBase64String(RandomNumberGenerator.GetBytes(75_000)),
        ];
        Assert.All(junk, value => Assert.Null(_node.Sealing.Open(SealPurpose.SessionCookie, value)));

        // Random bytes behind a right beginning: version and the number of a key that exists.
        var head = _node.Sealing.Seal(SealPurpose.SessionCookie, "x"u8)[..7];
        for (var round = 0; round < 1000; round++)
        {
            var tail = Convert.ToHexString(RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(200)));
            Assert.Null(_node.Sealing.Open(SealPurpose.SessionCookie, head + tail));
        }
    }

    [Fact]
    public async Task A_value_of_another_ring_is_refused()
    {
        using var other = await TestNode.StartAsync(new InMemoryKeyStore(), _clock, keys => keys.Algorithms = ["ES256"]);

        var value = other.Sealing.Seal(SealPurpose.AuthorizationCode, "x"u8);

        Assert.Null(_node.Sealing.Open(SealPurpose.AuthorizationCode, value));
    }

    [Fact]
    public async Task What_one_node_sealed_another_opens_and_so_does_a_restarted_one()
    {
        using var other = await TestNode.StartAsync(_store, _clock, keys => keys.Algorithms = ["ES256"]);

        var value = _node.Sealing.Seal(SealPurpose.SessionCookie, "x"u8);

        Assert.Equal("x"u8.ToArray(), other.Sealing.Open(SealPurpose.SessionCookie, value));
    }

    [Fact]
    public async Task Sealing_and_mac_keys_are_accepted_for_401_days_after_they_retired()
    {
        var macKey = _node.Sealing.ActiveMacKey;
        var value = _node.Sealing.Seal(SealPurpose.SessionCookie, "x"u8);
        var mac = new byte[32];
        Assert.True(_node.Sealing.TryMac(macKey, SealPurpose.RefreshToken, "data"u8, mac));

        for (var day = 0; day < 90 + 400; day++)
        {
            _clock.Advance(TimeSpan.FromDays(1));
            await _node.AdvanceAsync();
        }

        var again = new byte[32];
        Assert.NotEqual(macKey, _node.Sealing.ActiveMacKey);
        Assert.NotNull(_node.Sealing.Open(SealPurpose.SessionCookie, value));
        Assert.True(_node.Sealing.TryMac(macKey, SealPurpose.RefreshToken, "data"u8, again));
        Assert.Equal(mac, again);

        _clock.Advance(TimeSpan.FromDays(2));
        Assert.Null(_node.Sealing.Open(SealPurpose.SessionCookie, value));
        Assert.False(_node.Sealing.TryMac(macKey, SealPurpose.RefreshToken, "data"u8, again));
    }

    [Fact]
    public void Macs_differ_by_purpose_and_data_and_repeat_otherwise()
    {
        byte[] Mac(SealPurpose purpose, string data)
        {
            var mac = new byte[32];
            Assert.True(_node.Sealing.TryMac(_node.Sealing.ActiveMacKey, purpose, Encoding.UTF8.GetBytes(data), mac));
            return mac;
        }

        Assert.Equal(Mac(SealPurpose.RefreshToken, "a"), Mac(SealPurpose.RefreshToken, "a"));
        Assert.NotEqual(Mac(SealPurpose.RefreshToken, "a"), Mac(SealPurpose.RefreshToken, "b"));
        Assert.NotEqual(Mac(SealPurpose.RefreshToken, "a"), Mac(SealPurpose.PageState, "a"));
        Assert.Equal(Mac(SealPurpose.RefreshToken, new string('a', 5000)), Mac(SealPurpose.RefreshToken, new string('a', 5000)));
    }

    [Fact]
    public void A_mac_under_an_unknown_key_is_not_made()
    {
        Assert.False(_node.Sealing.TryMac(_node.Sealing.ActiveMacKey + 1, SealPurpose.RefreshToken, "a"u8, new byte[32]));
    }

    [Fact]
    public void Many_threads_seal_and_open_at_once()
    {
        Parallel.For(0, 4000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, number =>
        {
            var plaintext = BitConverter.GetBytes(number);
            Assert.Equal(plaintext, _node.Sealing.Open(SealPurpose.FlowCookie, _node.Sealing.Seal(SealPurpose.FlowCookie, plaintext)));
        });
    }
}
