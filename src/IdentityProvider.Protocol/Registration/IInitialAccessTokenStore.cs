namespace IdentityProvider.Protocol.Registration;

/// <summary>Initial access tokens. Using one is part of <see cref="IClientRegistrationStore.TryAddAsync"/>, which decides.</summary>
public interface IInitialAccessTokenStore
{
    /// <param name="token">With an id of its own.</param>
    /// <param name="hash">SHA-256 of the token: 32 bytes.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task AddAsync(InitialAccessToken token, ReadOnlyMemory<byte> hash, CancellationToken cancellationToken);

    /// <summary>Whether a registration with it could succeed now. One read; it spends nothing and promises nothing.</summary>
    Task<bool> IsUsableAsync(ReadOnlyMemory<byte> hash, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All that were not revoked and whose end is not long past, oldest first.</summary>
    Task<IReadOnlyList<InitialAccessToken>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Ends it at once; clients that were registered with it stay. False when there is none of that id.</summary>
    Task<bool> TryRevokeAsync(Guid id, CancellationToken cancellationToken);
}
