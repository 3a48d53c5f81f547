using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Subjects;

namespace IdentityProvider.Protocol.Tests.Keys;

/// <summary>The key of pairwise subjects (ADR 9): whatever happens to the ring, everybody stays who they are.</summary>
public sealed class SubjectKeyTests
{
    private static readonly Client Pairwise =
        new() { ClientId = "shop", SubjectType = SubjectTypes.Pairwise, RedirectUris = ["https://shop.example/cb"] };

    private readonly InMemoryKeyStore _store = new();
    private readonly TestClock _clock = new();

    [Fact]
    [Clause("OIDC Core", "8.1", "Subject Identifier ... calculated such that ... The method used ... is deterministic.")]
    public async Task Years_of_rotation_change_no_subject()
    {
        using var node = await TestNode.StartAsync(_store, _clock);
        var subject = SubjectOf(node);

        for (var quarter = 0; quarter < 12; quarter++)
        {
            _clock.Advance(TimeSpan.FromDays(91));
            await node.AdvanceAsync();
        }

        Assert.Equal(subject, SubjectOf(node));
        Assert.Null(Assert.Single(_store.Keys, IsSubjectKey).RetiresAt);
    }

    [Fact]
    public async Task Every_node_and_every_start_gives_the_same_subject()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => TestNode.StartAsync(_store, _clock))));

        Assert.Single(nodes.Select(SubjectOf).Distinct(StringComparer.Ordinal));
        Assert.Single(_store.Keys, IsSubjectKey);
    }

    [Fact]
    public async Task Neither_rotation_by_hand_nor_an_emergency_touches_it()
    {
        using var node = await TestNode.StartAsync(_store, _clock);
        var subject = SubjectOf(node);

        await node.Rotation.RotateAsync(algorithm: null, CancellationToken.None);
        Assert.False(await node.Rotation.DeclareCompromisedAsync(_store.Keys.Single(IsSubjectKey).Id, CancellationToken.None));
        _clock.Advance(TimeSpan.FromDays(500));
        await node.AdvanceAsync();

        Assert.Equal(subject, SubjectOf(node));
        Assert.DoesNotContain(node.Rotation.Plan(), planned => IsSubjectKey(planned.Key));
    }

    [Fact]
    public async Task A_ring_of_an_older_version_gets_one_and_tells_so()
    {
        using var older = await TestNode.StartAsync(_store, _clock);
        await _store.TryChangeAsync(older.Ring.Version, [], [_store.Keys.Single(IsSubjectKey).Id], CancellationToken.None);

        using var node = await TestNode.StartAsync(_store, _clock);

        Assert.Equal(43, SubjectOf(node).Length);
        Assert.Contains("subject key", Assert.Single(node.Audit.Entries).Detail, StringComparison.Ordinal);
    }

    private static string SubjectOf(TestNode node) => new SubjectIdentifiers(node.Sealing).Of(Pairwise, "alice");

    private static bool IsSubjectKey(KeyRecord record) => record.Purpose is KeyPurposes.Subject;
}
