using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Tests.Keys;

public sealed class StatusListPublisherTests : IAsyncLifetime
{
    private readonly TestClock _clock = new();
    private readonly Store _store = new();
    private TestNode _node = null!;
    private StatusListPublisher _publisher = null!;

    public async Task InitializeAsync()
    {
        _node = await TestNode.StartAsync(new InMemoryKeyStore(), _clock, keys => keys.Algorithms = ["ES256"]);
        _publisher = new StatusListPublisher(_store, _node.Ring, _clock, Options.Create(_node.Options));
    }

    public Task DisposeAsync()
    {
        _node.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void The_bytes_of_the_drafts_example_come_out()
    {
        // draft-ietf-oauth-status-list §4.1: status[0], [3], [4], [5], [7], [8], [9], [13] and [15] are set.
        var list = new StatusList(16, [0, 3, 4, 5, 7, 8, 9, 13, 15]);

        Assert.Equal([0xb9, 0xa3], list.Bytes.ToArray());
        Assert.Equal(Inflate("eNrbuRgAAhcBXQ"), Inflate(list.Encode()));
    }

    [Fact]
    public void The_bits_of_the_drafts_large_example_stand_where_it_says()
    {
        // Appendix C.1: 2^20 entries of one bit.
        int[] set = [0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345];

        const string Vector =
            "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogEAAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
            + "AAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAAA7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAAAAAAAA"
            + "AAADjelAAAAAAAAAAAKjDMAQAAAACAZC8L2AEb";

        var list = new StatusList(1 << 20, set);

        Assert.Equal(Inflate(Vector), list.Bytes.ToArray());
        Assert.Equal(Inflate(Vector), Inflate(list.Encode()));
    }

    [Fact]
    public async Task A_list_is_a_signed_token_with_the_claims_of_the_draft()
    {
        _store.Revoke(3, 17);

        var document = await FindAsync(3);
        var jwt = Read(document);

        Assert.Equal("statuslist+jwt", jwt.Type);
        Assert.Equal(["iss", "sub", "iat", "exp", "ttl", "status_list"], jwt.Payload.EnumerateObject().Select(member => member.Name));
        Assert.Equal("https://login.example.com", jwt.Issuer);
        Assert.Equal("https://login.example.com/connect/statuslists/3", jwt.Subject);
        Assert.Equal(_clock.Now, jwt.IssuedAt);
        Assert.Equal(_clock.Now.AddMinutes(10), jwt.ExpiresAt);
        Assert.Equal(10, jwt.Payload.GetProperty("ttl").GetInt32());
        Assert.Equal(1, jwt.Payload.GetProperty("status_list").GetProperty("bits").GetInt32());
        Assert.Equal(131_072, Bits(document).Length);
        Assert.Equal([17], Set(document));
        Assert.Equal("public, max-age=1", document.CacheControl);
    }

    [Fact]
    public async Task An_unknown_list_is_null_and_asking_for_many_is_not_remembered()
    {
        for (var list = 100; list < 200; list++)
        {
            Assert.Null(await _publisher.FindAsync(list, CancellationToken.None));
            Assert.Null(await _publisher.FindAsync(list, CancellationToken.None));
        }

        Assert.Equal(200, _store.VersionReads);
        _store.Revoke(100, 1);
        Assert.Equal([1], Set(await FindAsync(100)));
    }

    [Fact]
    public async Task Within_a_second_nothing_is_read_and_the_same_bytes_are_served()
    {
        _store.Revoke(1, 1);
        var first = await FindAsync(1);
        var reads = _store.VersionReads;

        _clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Same(first, await FindAsync(1));
        Assert.Equal(reads, _store.VersionReads);

        _clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Same(first, await FindAsync(1));
        Assert.Equal(reads + 1, _store.VersionReads);
        Assert.Equal(1, _store.ListReads);
    }

    [Fact]
    public async Task A_set_bit_is_published_within_a_second_under_another_etag()
    {
        _store.Revoke(1, 1);
        var before = await FindAsync(1);

        _store.Revoke(1, 1_048_575);
        _clock.Advance(TimeSpan.FromSeconds(1));
        var after = await FindAsync(1);

        Assert.NotEqual(before.ETag, after.ETag);
        Assert.Equal([1, 1_048_575], Set(after));
    }

    [Fact]
    public async Task A_list_is_signed_again_at_half_of_its_validity_and_when_the_clock_goes_back()
    {
        _store.Revoke(1, 1);
        var first = await FindAsync(1);

        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        Assert.Same(first, await FindAsync(1));
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = await FindAsync(1);
        Assert.Equal(_clock.Now, second.IssuedAt);

        _clock.Advance(-TimeSpan.FromHours(1));
        Assert.Equal(_clock.Now, (await FindAsync(1)).IssuedAt);
    }

    [Fact]
    public async Task When_its_key_is_compromised_a_list_is_signed_by_another()
    {
        _store.Revoke(1, 1);
        var before = Read(await FindAsync(1)).KeyId!;

        await _node.Rotation.DeclareCompromisedAsync(before, CancellationToken.None);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.NotEqual(before, Read(await FindAsync(1)).KeyId);
    }

    [Fact]
    public async Task Many_readers_at_once_cause_one_read()
    {
        _store.Revoke(1, 1);
        _store.Slow = true;

        var documents = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(async () => await FindAsync(1))));

        Assert.Single(documents.Distinct());
        Assert.Equal(1, _store.ListReads);
    }

    [Fact]
    public async Task A_list_that_is_dropped_disappears()
    {
        _store.Revoke(1, 1);
        await FindAsync(1);

        _store.Drop(1);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await _publisher.FindAsync(1, CancellationToken.None));
    }

    private static byte[] Inflate(string encoded)
    {
        using var zlib = new ZLibStream(new MemoryStream(Base64Url.DecodeFromChars(encoded)), CompressionMode.Decompress);
        using var bytes = new MemoryStream();
        zlib.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static byte[] Bits(StatusListDocument document) =>
        Inflate(JsonDocument.Parse(Base64Url.DecodeFromChars(Encoding.ASCII.GetString(document.Body.Span).Split('.')[1]))
            .RootElement.GetProperty("status_list").GetProperty("lst").GetString()!);

    private static IEnumerable<int> Set(StatusListDocument document)
    {
        var bits = Bits(document);
        return Enumerable.Range(0, bits.Length * 8).Where(index => ((bits[index / 8] >> (index % 8)) & 1) == 1);
    }

    private async Task<StatusListDocument> FindAsync(int list)
    {
        var document = await _publisher.FindAsync(list, CancellationToken.None);
        Assert.NotNull(document);
        return document;
    }

    private Jwt Read(StatusListDocument document)
    {
        var rules = new JwtReadRules([SigningAlgorithm.ES256], ["statuslist+jwt"]);
        var read = JwtReader.Read(Encoding.ASCII.GetString(document.Body.Span), _node.Ring.VerificationKeys, rules);
        Assert.True(read.Succeeded, read.Reason);
        return read.Jwt;
    }

    private sealed class Store : IStatusListStore
    {
        private readonly Dictionary<int, SortedSet<int>> _lists = [];
        private int _versionReads;
        private int _listReads;

        public int VersionReads => _versionReads;

        public int ListReads => _listReads;

        public bool Slow { get; set; }

        public void Revoke(int list, int index)
        {
            _lists.TryAdd(list, []);
            _lists[list].Add(index);
        }

        public void Drop(int list) => _lists.Remove(list);

        public async Task<long?> FindVersionAsync(int list, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _versionReads);
            if (Slow)
            {
                await Task.Yield();
            }

            return _lists.TryGetValue(list, out var set) ? set.Count : null;
        }

        public async Task<IReadOnlyList<int>> GetRevokedAsync(int list, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _listReads);
            if (Slow)
            {
                await Task.Yield();
            }

            return [.. _lists[list]];
        }

        public ValueTask<StatusReference> AllocateAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<bool> IsRevokedAsync(StatusReference status, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
