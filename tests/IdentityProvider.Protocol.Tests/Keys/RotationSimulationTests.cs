using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Discovery;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;

namespace IdentityProvider.Protocol.Tests.Keys;

/// <summary>
/// The promise of the key ring, minute by minute through three rotations: a resource server that fetches the JWK Set from any node, keeps it
/// for the full max-age and never fetches early, verifies every token until it expires.
/// </summary>
public sealed class RotationSimulationTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    [Fact]
    public async Task No_token_is_refused_through_three_rotations_on_two_nodes_that_restart()
    {
        var simulation = new Simulation();

        await simulation.RunAsync(minute => minute % (11 * 60) == 0 ? 0 : null, _ => TimeSpan.Zero);

        simulation.AssertRotations(3);
        simulation.AssertEveryTokenVerifies();
    }

    [Fact]
    public async Task No_token_is_refused_while_the_clock_of_a_node_jumps_an_hour_ahead_and_back()
    {
        var simulation = new Simulation();
        int[] hours = [0, 1, -1, 0, -1, 1];

        await simulation.RunAsync(minute => minute % (13 * 60) == 0 ? 1 : null, minute => TimeSpan.FromHours(hours[minute / (7 * 60) % hours.Length]));

        simulation.AssertRotations(3);
        simulation.AssertEveryTokenVerifies();
    }

    [Fact]
    public async Task No_token_is_refused_while_the_clock_of_a_node_steps_back_five_seconds_each_minute()
    {
        var simulation = new Simulation();

        await simulation.RunAsync(_ => null, minute => -TimeSpan.FromSeconds(5 * (minute % 720)));

        simulation.AssertRotations(3);
        simulation.AssertEveryTokenVerifies();
    }

    private sealed class Simulation
    {
        private const int Minutes = 106 * 60;

        private readonly InMemoryKeyStore _store = new();
        private readonly TestClock _clock = new();
        private readonly TestClock[] _nodeClocks;
        private readonly Dictionary<string, HashSet<string>> _sets = new(StringComparer.Ordinal);
        private readonly List<HashSet<string>>[] _published = [[], []];
        private readonly Dictionary<string, (int First, int Last)> _needed = new(StringComparer.Ordinal);
        private readonly Queue<JsonWebKeySetDocument> _cached = new();
        private int _maxAge;

        public Simulation() => _nodeClocks = [new TestClock(_clock), new TestClock(_clock)];

        public async Task RunAsync(Func<int, int?> restart, Func<int, TimeSpan> offsetOfSecond)
        {
            var nodes = new[] { await StartAsync(0), await StartAsync(1) };
            _maxAge = (int)nodes[0].Options.Keys.JwksMaxAge.TotalMinutes;
            for (var minute = 0; minute < Minutes; minute++)
            {
                _nodeClocks[1].Offset = offsetOfSecond(minute);
                if (restart(minute) is { } stopped)
                {
                    nodes[stopped].Dispose();
                    nodes[stopped] = await StartAsync(stopped);
                }

                for (var index = 0; index < nodes.Length; index++)
                {
                    // The second node polls seldom, to see less than the other most of the time.
                    if (index == 0 || minute % 4 == 0)
                    {
                        await nodes[index].AdvanceAsync();
                    }

                    Publish(index, nodes[index].Ring.Document);
                    Sign(nodes[index], _nodeClocks[index], minute);
                }

                _cached.Enqueue(nodes[minute % 2].Ring.Document);
                if (_cached.Count > _maxAge)
                {
                    VerifyWithOldest(nodes[(minute + 1) % 2], minute);
                }

                _clock.Advance(TimeSpan.FromMinutes(1));
            }

            Array.ForEach(nodes, node => node.Dispose());
        }

        public void AssertRotations(int least) => Assert.InRange(_needed.Count, least + 1, least + 2);

        public void AssertEveryTokenVerifies()
        {
            foreach (var (keyId, (first, last)) in _needed)
            {
                // Who fetched one max-age before the first signature has it, and who fetches when the last token expires still has it.
                for (var minute = Math.Max(0, first - _maxAge); minute < Math.Min(last, Minutes); minute++)
                {
                    Assert.True(_published[0][minute].Contains(keyId), $"node 0 did not publish {keyId} at minute {minute}; needed from {first} to {last}");
                    Assert.True(_published[1][minute].Contains(keyId), $"node 1 did not publish {keyId} at minute {minute}; needed from {first} to {last}");
                }
            }

            Assert.InRange(_store.Keys.Count(record => record.Purpose == KeyPurposes.Signing), 2, 4);
        }

        private static void Configure(KeyOptions keys)
        {
            keys.Algorithms = ["ES256"];
            keys.RotationInterval = TimeSpan.FromHours(26);
            keys.AnnouncementTime = TimeSpan.FromHours(4);
            keys.SigningKeyRetention = KeyOptions.LeastRetention;
            Assert.DoesNotContain(keys.Validate(), problem => !problem.Contains("master_key", StringComparison.Ordinal));
        }

        private Task<TestNode> StartAsync(int index) => TestNode.StartAsync(_store, _nodeClocks[index], Configure);

        private void Publish(int node, JsonWebKeySetDocument document)
        {
            if (!_sets.TryGetValue(document.ETag, out var keyIds))
            {
                keyIds = [.. JsonDocument.Parse(document.Body).RootElement.GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
                _sets.Add(document.ETag, keyIds);
            }

            _published[node].Add(keyIds);
        }

        private void Sign(TestNode node, TestClock nodeClock, int minute)
        {
            var keyId = node.Ring.GetSigner(SigningAlgorithm.ES256).KeyId;
            var expires = minute + (int)(Lifetime + nodeClock.Offset).TotalMinutes;
            _needed[keyId] = _needed.TryGetValue(keyId, out var needed) ? (needed.First, Math.Max(needed.Last, expires)) : (minute, expires);
        }

        private void VerifyWithOldest(TestNode signer, int minute)
        {
            var document = _cached.Dequeue();
            if (minute % 10 != 0)
            {
                return;
            }

            var token = JwtWriter.Write(signer.Ring.GetSigner(SigningAlgorithm.ES256), "at+jwt", Encoding.UTF8.GetBytes("""{"sub":"alice"}"""));
            Assert.True(JsonWebKeySet.TryParse(document.Body.Span, strict: true, out var set, out var reason), reason);
            Assert.True(JwtReader.Read(token, set, new JwtReadRules([SigningAlgorithm.ES256], ["at+jwt"])).Succeeded, $"minute {minute}");
        }
    }
}
