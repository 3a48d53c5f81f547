using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Registration;

namespace IdentityProvider.Protocol.Tests.InMemory;

/// <summary>An engine in which no client registered itself.</summary>
internal sealed class NoRegistrations : IClientRegistrationStore
{
    public Task<int> CountAsync(CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<bool> TryAddAsync(NewRegistration registration, CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<RegisteredClient?> FindAsync(string clientId, CancellationToken cancellationToken) => Task.FromResult<RegisteredClient?>(null);

    public Task<bool> TryReplaceAsync(
        Client client, ReadOnlyMemory<byte> presented, ReadOnlyMemory<byte> successor, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task<bool> TryDeleteAsync(string clientId, ReadOnlyMemory<byte> presented, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult(false);

    public Task MarkUsedAsync(string clientId, CancellationToken cancellationToken) => Task.CompletedTask;
}
