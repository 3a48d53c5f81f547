using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;

namespace IdentityProvider.Protocol.Tests.Keys;

public sealed class MasterKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("master-key-").FullName;
    private readonly InMemoryKeyStore _store = new();
    private readonly TestClock _clock = new();

    private string KeyFile => Path.Combine(_folder, "certs", "master.key");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_wrapped_secret_opens_only_for_its_record_and_unaltered()
    {
        var master = new MasterKey(RandomNumberGenerator.GetBytes(32), "test");
        var wrapped = master.Wrap("id", "mac", "HS256", "secret"u8);

        Assert.Equal("secret"u8.ToArray(), master.Unwrap("id", "mac", "HS256", wrapped));
        Assert.Null(master.Unwrap("id2", "mac", "HS256", wrapped));
        Assert.Null(master.Unwrap("id", "sealing", "HS256", wrapped));
        Assert.Null(master.Unwrap("id", "mac", "A256GCM", wrapped));
        Assert.Null(master.Unwrap("idm", "ac", "HS256", wrapped));
        for (var position = 0; position < wrapped.Length; position++)
        {
            var altered = wrapped.ToArray();
            altered[position] ^= 1;
            Assert.Null(master.Unwrap("id", "mac", "HS256", altered));
            Assert.Null(master.Unwrap("id", "mac", "HS256", wrapped.AsSpan(0, position)));
        }
    }

    [Fact]
    public async Task A_wrong_master_key_stops_the_start_and_makes_no_keys()
    {
        using (await StartAsync(keys => keys.MasterKey = NewKey()))
        {
        }

        var (changes, before) = (_store.Changes, _store.Keys);

        var error = await Assert.ThrowsAsync<KeyRingException>(() => StartAsync(keys => keys.MasterKey = NewKey()));

        Assert.Matches("^Cannot unwrap key [A-Za-z0-9_-]+ \\([a-z]+, [A-Z0-9]+\\) with the master key from the setting Keys:master_key: it was wrapped by another one", error.Message);
        Assert.Contains("give that master key back", error.Message, StringComparison.Ordinal);
        Assert.Equal(changes, _store.Changes);
        Assert.Equal(before, _store.Keys);
    }

    [Fact]
    public async Task A_missing_master_key_stops_the_start_and_makes_no_keys_and_no_file()
    {
        using (await StartAsync(keys => keys.MasterKey = NewKey()))
        {
        }

        var changes = _store.Changes;

        await Assert.ThrowsAsync<KeyRingException>(() => StartAsync(_ => { }));
        await Assert.ThrowsAsync<KeyRingException>(() => StartAsync(keys => (keys.MasterKeyFile, keys.CreateMissingMasterKey) = (KeyFile, true)));

        Assert.False(File.Exists(KeyFile));
        Assert.Equal(changes, _store.Changes);
    }

    [Fact]
    public async Task A_damaged_record_is_told_apart_from_a_wrong_master_key()
    {
        var master = NewKey();
        using (await StartAsync(keys => keys.MasterKey = master))
        {
        }

        var record = _store.Keys[0];
        var damaged = record.WrappedSecret.ToArray();
        damaged[^1] ^= 1;
        _store.Tamper(record with { WrappedSecret = damaged });

        var error = await Assert.ThrowsAsync<KeyRingException>(() => StartAsync(keys => keys.MasterKey = master));

        Assert.Contains(record.Id, error.Message, StringComparison.Ordinal);
        Assert.Contains("altered or damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_running_node_keeps_its_keys_when_a_change_cannot_be_unwrapped()
    {
        using var node = await StartAsync(keys => keys.MasterKey = NewKey());
        var version = node.Ring.Version;
        _store.Tamper(_store.Keys[0] with { Id = "foreign", WrappedSecret = new MasterKey(RandomNumberGenerator.GetBytes(32), "x").Wrap("foreign", "signing", "ES256", "y"u8) });

        await Assert.ThrowsAsync<KeyRingException>(node.AdvanceAsync);

        Assert.Equal(version, node.Ring.Version);
        Assert.Equal("ES256", node.Ring.GetSigner(SigningAlgorithm.ES256).Algorithm.Name);
    }

    [Fact]
    public async Task In_development_the_first_start_makes_the_file_for_its_owner_only_and_the_next_uses_it()
    {
        void Configure(KeyOptions keys) => (keys.MasterKeyFile, keys.CreateMissingMasterKey) = (KeyFile, true);

        using var first = await StartAsync(Configure);
        var content = await File.ReadAllTextAsync(KeyFile);
        using var second = await StartAsync(Configure);

        Assert.Equal(32, Convert.FromBase64String(content.Trim()).Length);
        Assert.Equal(content, await File.ReadAllTextAsync(KeyFile));
        Assert.Equal(first.Ring.Document.ETag, second.Ring.Document.ETag);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(KeyFile)!));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        }
    }

    [Fact]
    public void Processes_that_make_the_file_at_once_have_the_same_key()
    {
        const int rounds = 50;
        const int processes = 8;
        using var start = new Barrier(processes);
        var made = new ConcurrentBag<(int Round, string CheckValue)>();

        var threads = Enumerable.Range(0, processes).Select(_ => new Thread(() =>
        {
            for (var round = 0; round < rounds; round++)
            {
                start.SignalAndWait();
                made.Add((round, MasterKeyFile.ReadOrCreate($"{KeyFile}.{round}").CheckValue));
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.Equal(rounds * processes, made.Count);
        Assert.Equal(rounds, made.Distinct().Count());
        Assert.Equal(rounds, Directory.GetFiles(Path.GetDirectoryName(KeyFile)!).Length);
    }

    [Fact]
    public async Task Rewrapping_moves_every_key_to_the_new_master_key()
    {
        var (old, next) = (NewKey(), NewKey());
        using (await StartAsync(keys => keys.MasterKey = old))
        {
        }

        using (var both = await StartAsync(keys => (keys.MasterKey, keys.PreviousMasterKey) = (next, old)))
        {
            Assert.Equal(4, await both.Rotation.RewrapAsync(CancellationToken.None));
            Assert.Equal(0, await both.Rotation.RewrapAsync(CancellationToken.None));
        }

        using var node = await StartAsync(keys => keys.MasterKey = next);
        Assert.Single(node.Ring.VerificationKeys.Keys);
        await Assert.ThrowsAsync<KeyRingException>(() => StartAsync(keys => keys.MasterKey = old));
    }

    [Fact]
    public void A_file_may_hold_base64_of_either_alphabet_or_raw_bytes()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        key[0] = 0xfb;
        var expected = new MasterKey(key, "x").CheckValue;

        Assert.Equal(expected, Read(Encoding.ASCII.GetBytes(Convert.ToBase64String(key))));
        Assert.Equal(expected, Read(Encoding.ASCII.GetBytes("  " + Convert.ToBase64String(key) + "\r\n")));
        Assert.Equal(expected, Read(Encoding.ASCII.GetBytes(System.Buffers.Text.Base64Url.EncodeToString(key))));
        Assert.Equal(expected, Read(key));
    }

    [Theory]
    [InlineData("")]
    [InlineData("password")]
    [InlineData("correct horse battery staple 123")]
    [InlineData("0123456789abcdef0123456789abcdef")]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    [InlineData("????")]
    public void What_is_no_master_key_is_refused_and_not_repeated(string content)
    {
        var error = Assert.Throws<KeyRingException>(() => Read(Encoding.ASCII.GetBytes(content)));

        Assert.Contains("master.key", error.Message, StringComparison.Ordinal);
        Assert.True(content.Length == 0 || !error.Message.Contains(content, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_cannot_be_read_is_named() =>
        Assert.Contains(KeyFile, Assert.Throws<KeyRingException>(() => MasterKeyFile.Read(KeyFile)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_master_key_does_not_print_itself()
    {
        var text = NewKey();
        Assert.DoesNotContain(text, MasterKeyFile.Parse(text, "test").ToString(), StringComparison.Ordinal);
    }

    private static string NewKey() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    private Task<TestNode> StartAsync(Action<KeyOptions> configure) => TestNode.StartAsync(_store, _clock, keys =>
    {
        keys.Algorithms = ["ES256"];
        keys.MasterKey = null;
        configure(keys);
    });

    private string Read(byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(KeyFile)!);
        File.WriteAllBytes(KeyFile, content);
        return MasterKeyFile.Read(KeyFile).CheckValue;
    }
}
