using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.Keys;

public sealed class KeyRotationTests
{
    private readonly InMemoryKeyStore _store = new();
    private readonly TestClock _clock = new();

    [Fact]
    public async Task The_first_start_makes_a_key_of_its_own_for_each_algorithm_and_each_is_active_at_once()
    {
        using var node = await TestNode.StartAsync(_store, _clock);

        Assert.Equal([SigningAlgorithm.RS256, SigningAlgorithm.ES256, SigningAlgorithm.PS256], node.Ring.Algorithms);
        Assert.All(node.Ring.Algorithms, algorithm => Assert.Equal(algorithm, node.Ring.GetSigner(algorithm).Algorithm));
        Assert.Equal(6, _store.Keys.Count);
        Assert.All(_store.Keys, record => Assert.Equal(KeyPhase.Active, record.PhaseAt(_clock.Now)));
        Assert.Equal(3, node.Ring.VerificationKeys.Keys.Select(key => key.Thumbprint).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(6, node.Audit.Entries.Count(entry => entry.Type == AuditEventTypes.KeyRotated));
    }

    [Fact]
    public async Task Sixteen_nodes_that_start_at_once_make_the_ring_once()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => TestNode.StartAsync(_store, _clock, Quick))));

        Assert.Equal(1, _store.Changes);
        Assert.Equal(4, _store.Keys.Count);
        Assert.Single(nodes.Select(node => node.Ring.GetSigner(SigningAlgorithm.ES256).KeyId).Distinct(StringComparer.Ordinal));
        Assert.Single(nodes.Select(node => node.Ring.Document.ETag).Distinct(StringComparer.Ordinal));
        Assert.Single(nodes, node => node.Audit.Entries.Count > 0);
    }

    [Fact]
    public async Task Sixteen_nodes_that_find_a_rotation_due_at_once_rotate_once()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => TestNode.StartAsync(_store, _clock, Quick)));
        _clock.Advance(TimeSpan.FromDays(89));

        var winners = await Task.WhenAll(nodes.Select(node => Task.Run(node.AdvanceAsync)));

        Assert.Single(winners, won => won);
        Assert.Equal(2, _store.Changes);
        Assert.Equal(7, _store.Keys.Count);
        Assert.Equal(2, _store.Keys.Count(record => record.Purpose == KeyPurposes.Signing));
        Assert.Single(nodes.Select(node => node.Ring.Document.ETag).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_key_is_announced_then_signs_then_is_retired_then_removed_then_deleted()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var start = _clock.Now;
        var first = SignerOf(node);

        await ToAsync(node, start.AddDays(89).AddSeconds(-1));
        Assert.Single(node.Ring.VerificationKeys.Keys);

        await ToAsync(node, start.AddDays(89));
        Assert.Equal(2, node.Ring.VerificationKeys.Keys.Count);
        Assert.Equal(first, SignerOf(node));

        _clock.Advance(start.AddDays(90) - _clock.Now - TimeSpan.FromSeconds(1));
        Assert.Equal(first, SignerOf(node));

        // The switch needs no write and no poll.
        _clock.Advance(TimeSpan.FromSeconds(1));
        var second = SignerOf(node);
        Assert.NotEqual(first, second);
        Assert.Contains(node.Ring.VerificationKeys.Keys, key => key.KeyId == first);

        _clock.Advance(TimeSpan.FromDays(31) - TimeSpan.FromSeconds(1));
        Assert.Contains(node.Ring.VerificationKeys.Keys, key => key.KeyId == first);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([second], node.Ring.VerificationKeys.Keys.Select(key => key.KeyId));
        Assert.Contains(_store.Keys, record => record.Id == first);

        await ToAsync(node, _clock.Now.AddDays(1));
        Assert.DoesNotContain(_store.Keys, record => record.Id == first);
    }

    [Fact]
    public async Task A_server_that_was_off_while_a_rotation_was_due_announces_before_it_switches()
    {
        using (var before = await TestNode.StartAsync(_store, _clock, Quick))
        {
            Assert.Single(before.Ring.VerificationKeys.Keys);
        }

        _clock.Advance(TimeSpan.FromDays(400));
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var old = SignerOf(node);

        Assert.Equal(2, node.Ring.VerificationKeys.Keys.Count);
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(old, SignerOf(node));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(old, SignerOf(node));
    }

    [Theory]
    [InlineData(10.0)]
    [InlineData(89.5)]
    [InlineData(95.0)]
    [InlineData(121.5)]
    public async Task A_restart_in_any_state_resumes_with_the_same_keys(double day)
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        for (var passed = 0.0; passed < day; passed += 0.5)
        {
            _clock.Advance(TimeSpan.FromDays(0.5));
            await node.AdvanceAsync();
        }

        var changes = _store.Changes;
        using var restarted = await TestNode.StartAsync(_store, _clock, Quick);

        Assert.Equal(changes, _store.Changes);
        Assert.Equal(node.Ring.Document.ETag, restarted.Ring.Document.ETag);
        Assert.Equal(SignerOf(node), SignerOf(restarted));
        Assert.Equal(node.Rotation.Plan(), restarted.Rotation.Plan());
    }

    [Fact]
    public async Task When_nothing_is_due_nothing_is_read_but_the_version()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var reads = _store.Reads;

        for (var round = 0; round < 100; round++)
        {
            _clock.Advance(TimeSpan.FromSeconds(10));
            Assert.False(await node.AdvanceAsync());
        }

        Assert.Equal(reads, _store.Reads);
        Assert.Equal(TimeSpan.Zero, node.Ring.Age);
    }

    [Fact]
    public async Task Rotating_by_hand_announces_and_doing_it_twice_changes_nothing_more()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var first = SignerOf(node);

        Assert.Equal("ES256", Assert.Single(await node.Rotation.RotateAsync("ES256", CancellationToken.None)).Algorithm);
        Assert.Empty(await node.Rotation.RotateAsync("ES256", CancellationToken.None));

        Assert.Equal(first, SignerOf(node));
        Assert.Equal(2, node.Ring.VerificationKeys.Keys.Count);
        _clock.Advance(TimeSpan.FromHours(24));
        Assert.NotEqual(first, SignerOf(node));
    }

    [Fact]
    public async Task Rotating_all_by_hand_announces_every_kind()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var mac = node.Sealing.ActiveMacKey;

        Assert.Equal(3, (await node.Rotation.RotateAsync(algorithm: null, CancellationToken.None)).Count);

        _clock.Advance(TimeSpan.FromHours(24));
        Assert.NotEqual(mac, node.Sealing.ActiveMacKey);
    }

    [Fact]
    public async Task A_compromised_active_key_is_gone_at_once_and_another_signs()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        using var other = await TestNode.StartAsync(_store, _clock, Quick);
        var token = JwtWriter.Write(node.Ring.GetSigner(SigningAlgorithm.ES256), "at+jwt", "{}"u8);
        var compromised = SignerOf(node);

        Assert.True(await node.Rotation.DeclareCompromisedAsync(compromised, CancellationToken.None));

        Assert.NotEqual(compromised, SignerOf(node));
        Assert.False(Verifies(node, token));
        Assert.DoesNotContain(compromised, System.Text.Encoding.UTF8.GetString(node.Ring.Document.Body.Span), StringComparison.Ordinal);
        Assert.Contains(node.Audit.Entries, entry => entry.Type == AuditEventTypes.KeyCompromised && entry.Detail!.Contains(compromised, StringComparison.Ordinal));

        Assert.True(Verifies(other, token));
        await other.AdvanceAsync();
        Assert.False(Verifies(other, token));
        Assert.Equal(SignerOf(node), SignerOf(other));
    }

    [Fact]
    public async Task A_compromised_active_key_gives_way_to_the_announced_one()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        await node.Rotation.RotateAsync("ES256", CancellationToken.None);
        var announced = node.Ring.VerificationKeys.Keys.Single(key => key.KeyId != SignerOf(node)).KeyId!;

        await node.Rotation.DeclareCompromisedAsync(SignerOf(node), CancellationToken.None);

        Assert.Equal(announced, SignerOf(node));
        Assert.Single(node.Ring.VerificationKeys.Keys);
        Assert.False(await node.AdvanceAsync());
    }

    [Fact]
    public async Task A_compromised_announced_key_is_replaced_by_a_new_announcement()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var start = _clock.Now;
        var active = SignerOf(node);
        await ToAsync(node, start.AddDays(89));
        var announced = node.Ring.VerificationKeys.Keys.Single(key => key.KeyId != active).KeyId!;
        _clock.Advance(TimeSpan.FromHours(23));

        await node.Rotation.DeclareCompromisedAsync(announced, CancellationToken.None);
        await node.AdvanceAsync();

        Assert.Equal(active, SignerOf(node));
        Assert.DoesNotContain(node.Ring.VerificationKeys.Keys, key => key.KeyId == announced);
        _clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.Equal(active, SignerOf(node));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(active, SignerOf(node));
    }

    [Fact]
    public async Task A_compromised_retired_key_goes_and_leaves_the_others_alone()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var retired = SignerOf(node);
        await node.Rotation.RotateAsync("ES256", CancellationToken.None);
        _clock.Advance(TimeSpan.FromHours(25));
        var active = SignerOf(node);

        Assert.True(await node.Rotation.DeclareCompromisedAsync(retired, CancellationToken.None));

        Assert.Equal([active], node.Ring.VerificationKeys.Keys.Select(key => key.KeyId));
        Assert.Equal(active, SignerOf(node));
        Assert.False(await node.Rotation.DeclareCompromisedAsync(retired, CancellationToken.None));
    }

    [Fact]
    public async Task A_compromised_sealing_key_opens_nothing_any_more()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var value = node.Sealing.Seal(SealPurpose.SessionCookie, "x"u8);
        var key = _store.Keys.Single(record => record.Purpose == KeyPurposes.Sealing).Id;

        Assert.True(await node.Rotation.DeclareCompromisedAsync(key, CancellationToken.None));

        Assert.Null(node.Sealing.Open(SealPurpose.SessionCookie, value));
        Assert.NotNull(node.Sealing.Open(SealPurpose.SessionCookie, node.Sealing.Seal(SealPurpose.SessionCookie, "x"u8)));
    }

    [Fact]
    public async Task An_unknown_key_cannot_be_declared_compromised()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var changes = _store.Changes;

        Assert.False(await node.Rotation.DeclareCompromisedAsync("no-such-key", CancellationToken.None));
        Assert.Equal(changes, _store.Changes);
    }

    [Fact]
    public async Task An_algorithm_added_later_is_announced_before_it_signs()
    {
        using (await TestNode.StartAsync(_store, _clock, Quick))
        {
        }

        using var node = await TestNode.StartAsync(_store, _clock, keys => keys.Algorithms = ["ES256", "ES384"]);

        Assert.Equal([SigningAlgorithm.ES256], node.Ring.Algorithms);
        Assert.Equal(2, node.Ring.VerificationKeys.Keys.Count);
        Assert.Throws<InvalidOperationException>(() => node.Ring.GetSigner(SigningAlgorithm.ES384));
        _clock.Advance(TimeSpan.FromMinutes(65));
        Assert.Equal([SigningAlgorithm.ES256, SigningAlgorithm.ES384], node.Ring.Algorithms);
        Assert.Equal(SigningAlgorithm.ES384, node.Ring.GetSigner(SigningAlgorithm.ES384).Algorithm);
    }

    [Fact]
    public async Task An_algorithm_taken_out_signs_to_its_end_and_stays_published_for_the_retention()
    {
        using (await TestNode.StartAsync(_store, _clock, keys => keys.Algorithms = ["ES256", "ES384"]))
        {
        }

        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var start = _clock.Now;
        Assert.Equal([SigningAlgorithm.ES256, SigningAlgorithm.ES384], node.Ring.Algorithms);
        Assert.NotNull(node.Ring.GetSigner(SigningAlgorithm.ES384));

        await ToAsync(node, start.AddDays(90));
        Assert.Equal([SigningAlgorithm.ES256], node.Ring.Algorithms);
        Assert.Throws<InvalidOperationException>(() => node.Ring.GetSigner(SigningAlgorithm.ES384));
        Assert.Contains(node.Ring.VerificationKeys.Keys, key => key.Algorithm == "ES384");
        _clock.Advance(TimeSpan.FromDays(31));
        Assert.DoesNotContain(node.Ring.VerificationKeys.Keys, key => key.Algorithm == "ES384");
    }

    [Fact]
    public async Task The_first_key_signs_even_when_the_clock_is_set_back_behind_its_making()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var first = SignerOf(node);

        _clock.Advance(-TimeSpan.FromDays(3));
        using var restarted = await TestNode.StartAsync(_store, _clock, Quick);

        Assert.Equal(first, SignerOf(restarted));
        Assert.Equal(first, SignerOf(node));
        Assert.Equal(4, _store.Keys.Count);
    }

    [Fact]
    public async Task A_clock_that_ran_a_day_ahead_destroys_nothing()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var first = SignerOf(node);
        await node.Rotation.RotateAsync("ES256", CancellationToken.None);
        _clock.Advance(TimeSpan.FromDays(31));
        await node.AdvanceAsync();

        _clock.Advance(TimeSpan.FromDays(1.5));
        await node.AdvanceAsync();
        Assert.DoesNotContain(node.Ring.VerificationKeys.Keys, key => key.KeyId == first);

        _clock.Advance(-TimeSpan.FromDays(1.5));
        await node.AdvanceAsync();
        Assert.Contains(node.Ring.VerificationKeys.Keys, key => key.KeyId == first);
    }

    [Fact]
    public async Task The_plan_tells_the_next_dates_in_order()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        var start = _clock.Now;

        var plan = node.Rotation.Plan().Where(planned => planned.Key.Purpose == KeyPurposes.Signing).Select(planned => (planned.Event, planned.At));
        Assert.Equal([(KeyEvent.SuccessorAnnounced, start.AddDays(89))], plan);

        await node.Rotation.RotateAsync("ES256", CancellationToken.None);
        plan = node.Rotation.Plan().Where(planned => planned.Key.Purpose == KeyPurposes.Signing).Select(planned => (planned.Event, planned.At));
        Assert.Equal(
            [
                (KeyEvent.Activated, start.AddDays(1)),
                (KeyEvent.Retired, start.AddDays(1)),
                (KeyEvent.Removed, start.AddDays(32)),
                (KeyEvent.SuccessorAnnounced, start.AddDays(90)),
            ],
            plan.OrderBy(planned => planned.At).ThenBy(planned => planned.Event));
    }

    [Fact]
    public async Task A_key_of_a_newer_version_is_left_alone()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        _store.Tamper(_store.Keys[0] with { Id = "future", Purpose = KeyPurposes.Signing, Algorithm = "ML-DSA-65", WrappedSecret = new byte[10] });
        _store.Tamper(_store.Keys[0] with { Id = "other", Purpose = "something_new", WrappedSecret = new byte[10] });

        await node.AdvanceAsync();
        _clock.Advance(TimeSpan.FromDays(100));
        await node.AdvanceAsync();

        Assert.Equal(2, node.Ring.VerificationKeys.Keys.Count);
        Assert.Contains(_store.Keys, record => record is { Id: "future", RetiresAt: null });
        Assert.Contains(_store.Keys, record => record is { Id: "other", RetiresAt: null });
    }

    [Fact]
    public async Task Documents_of_data_protection_are_kept_for_all_nodes_and_never_rotated()
    {
        using var node = await TestNode.StartAsync(_store, _clock, Quick);
        using var other = await TestNode.StartAsync(_store, _clock, Quick);
        await new DataProtectionDocuments(node.Ring).AddAsync("key-1", "<key/>"u8.ToArray(), CancellationToken.None);

        _clock.Advance(TimeSpan.FromDays(900));
        await other.AdvanceAsync();

        var documents = await new DataProtectionDocuments(other.Ring).GetAllAsync(CancellationToken.None);
        Assert.Equal("<key/>"u8.ToArray(), Assert.Single(documents).ToArray());
        Assert.False(await node.Rotation.DeclareCompromisedAsync("key-1", CancellationToken.None));
    }

    private static void Quick(KeyOptions keys) => keys.Algorithms = ["ES256"];

    private static string SignerOf(TestNode node) => node.Ring.GetSigner(SigningAlgorithm.ES256).KeyId;

    private static bool Verifies(TestNode node, string token) =>
        JwtReader.Read(token, node.Ring.VerificationKeys, new JwtReadRules(SigningAlgorithm.All, ["at+jwt"])).Succeeded;

    private async Task ToAsync(TestNode node, DateTimeOffset time)
    {
        _clock.Advance(time - _clock.Now);
        await node.AdvanceAsync();
    }
}
