using System.Security.Cryptography;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Logging.Abstractions;

namespace IdentityProvider.Protocol.Tests.Keys;

/// <summary>One node of a cluster, as far as keys go.</summary>
internal sealed class TestNode : IDisposable
{
    private static readonly string SharedMasterKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(MasterKey.Length));

    public TestNode(IKeyStore store, TimeProvider clock, Action<KeyOptions>? configure = null)
    {
        Options = new ProtocolOptions { Issuer = "https://login.example.com", Keys = { MasterKey = SharedMasterKey } };
        configure?.Invoke(Options.Keys);
        Ring = new KeyRing(store, clock, Microsoft.Extensions.Options.Options.Create(Options));
        Rotation = new KeyRotation(Ring, Audit, clock, Microsoft.Extensions.Options.Options.Create(Options), NullLogger<KeyRotation>.Instance);
        Sealing = new Sealing(Ring);
    }

    public ProtocolOptions Options { get; }

    public KeyRing Ring { get; }

    public KeyRotation Rotation { get; }

    public Sealing Sealing { get; }

    public AuditList Audit { get; } = new();

    public static async Task<TestNode> StartAsync(IKeyStore store, TimeProvider clock, Action<KeyOptions>? configure = null)
    {
        var node = new TestNode(store, clock, configure);
        await node.Rotation.AdvanceAsync(CancellationToken.None);
        return node;
    }

    public Task<bool> AdvanceAsync() => Rotation.AdvanceAsync(CancellationToken.None);

    public void Dispose() => Ring.Dispose();

    internal sealed class AuditList : IAuditTrail
    {
        private readonly List<AuditEvent> _entries = [];

        public IReadOnlyList<AuditEvent> Entries => _entries;

        public Task AppendAsync(AuditEvent entry, CancellationToken cancellationToken)
        {
            lock (_entries)
            {
                _entries.Add(entry);
            }

            return Task.CompletedTask;
        }
    }
}
