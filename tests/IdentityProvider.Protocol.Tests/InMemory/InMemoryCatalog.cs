using System.Collections.Concurrent;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Tests.InMemory;

internal sealed class InMemoryCatalog : ICatalogStore
{
    public CatalogSnapshot Current { get; set; } = CatalogSnapshot.Empty;

    public Task RefreshAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SaveAsync(
        IReadOnlyCollection<Client> clients,
        IReadOnlyCollection<Scope> scopes,
        IReadOnlyCollection<ApiResource> resources,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        Current = new CatalogSnapshot(Current.Version + 1, clients, scopes, resources);
        return Task.CompletedTask;
    }
}

internal sealed class InMemoryConsents : IConsentStore
{
    public ConcurrentDictionary<(string Subject, string ClientId), Consent> Consents { get; } = new();

    public Task<Consent?> FindAsync(string subject, string clientId, CancellationToken cancellationToken) =>
        Task.FromResult(Consents.GetValueOrDefault((subject, clientId)));

    public Task AllowAsync(string subject, string clientId, ScopeSet scope, AuditEvent entry, CancellationToken cancellationToken) =>
        AllowAsync(subject, clientId, scope, entry.At, cancellationToken);

    public Task AllowAsync(string subject, string clientId, ScopeSet scope, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Consents.AddOrUpdate(
            (subject, clientId),
            _ => new Consent { Subject = subject, ClientId = clientId, Scope = scope, CreatedAt = now, UpdatedAt = now },
            (_, known) => known with { Scope = known.Scope.Union(scope), UpdatedAt = now });
        return Task.CompletedTask;
    }

    public Task WithdrawAsync(string subject, string clientId, AuditEvent entry, CancellationToken cancellationToken) =>
        WithdrawAsync(subject, clientId);

    public Task WithdrawAsync(string subject, string clientId)
    {
        Consents.TryRemove((subject, clientId), out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Consent>> ListAsync(string subject, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Consent>>([.. Consents.Values.Where(consent => consent.Subject == subject)]);
}

internal sealed class InMemoryUsedJtis : IUsedJtiStore
{
    private readonly ConcurrentDictionary<(string Issuer, string Jti), DateTimeOffset> _used = new();

    public Task<bool> TryUseAsync(string issuer, string jti, DateTimeOffset expiresAt, CancellationToken cancellationToken) =>
        Task.FromResult(_used.TryAdd((issuer, jti), expiresAt));
}

internal sealed class InMemoryAudit : IAuditTrail
{
    public ConcurrentQueue<AuditEvent> Events { get; } = new();

    public Task AppendAsync(AuditEvent entry, CancellationToken cancellationToken)
    {
        Events.Enqueue(entry);
        return Task.CompletedTask;
    }
}

internal sealed class InMemorySubjects(InMemoryGrantStore grants) : ISubjectDirectory
{
    public ConcurrentDictionary<string, Subject> Subjects { get; } = new(StringComparer.Ordinal);

    public Task<Subject?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(Subjects.GetValueOrDefault(id));

    public async Task<Subject?> FindForTokenAsync(Guid grantId, StatusReference status, CancellationToken cancellationToken) =>
        await grants.FindAsync(grantId, cancellationToken) is { } grant ? await FindAsync(grant.Subject, cancellationToken) : null;
}

internal sealed class InMemoryKeys : ISigningKeys
{
    // Made once for all tests: an RSA key costs a tenth of a second.
    private static readonly SigningCredential[] Credentials =
        [SigningCredential.Create(SigningAlgorithm.RS256), SigningCredential.Create(SigningAlgorithm.ES256)];

    public IReadOnlyList<SigningAlgorithm> Algorithms => [.. Credentials.Select(credential => credential.Algorithm)];

    public JsonWebKeySet VerificationKeys { get; } = new([.. Credentials.Select(credential => credential.PublicJwk)]);

    public SigningCredential GetSigner(SigningAlgorithm algorithm) => Array.Find(Credentials, credential => credential.Algorithm == algorithm)!;
}

internal sealed class InMemoryKeyFetcher : IClientDocumentFetcher
{
    public Dictionary<string, byte[]?> Documents { get; } = new(StringComparer.Ordinal);

    public int Fetches { get; private set; }

    /// <summary>Thrown by every fetch; null lets them be.</summary>
    public Exception? Fault { get; set; }

    /// <summary>What a fetch waits for before it answers.</summary>
    public Task Delay { get; set; } = Task.CompletedTask;

    public async Task<byte[]?> FetchAsync(string jwksUri, CancellationToken cancellationToken)
    {
        Fetches++;
        await Delay;
        return Fault is null ? Documents.GetValueOrDefault(jwksUri) : throw Fault;
    }
}
