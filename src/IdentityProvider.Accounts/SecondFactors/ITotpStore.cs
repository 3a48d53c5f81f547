using IdentityProvider.Accounts.Changes;

namespace IdentityProvider.Accounts.SecondFactors;

/// <summary>Authenticator apps, one for each account at most. Each verb is one durable transaction.</summary>
public interface ITotpStore
{
    /// <summary>Null when the account has none. One read.</summary>
    Task<TotpAuthenticator?> FindAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>
    /// False, and nothing changes, when the account has one already (of callers at the same time one is told true), has got another stamp since it was
    /// read, or is disabled or gone.
    /// </summary>
    /// <param name="authenticator">The app.</param>
    /// <param name="recoveryCodes">Hashes of those that stand in for it, in the place of all that were there.</param>
    /// <param name="stamp">The account's security stamp, as read and from now on.</param>
    /// <param name="record">Written with it.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was already handed over.</param>
    Task<bool> TryAddAsync(
        TotpAuthenticator authenticator,
        IReadOnlyCollection<ReadOnlyMemory<byte>> recoveryCodes,
        StampRenewal stamp,
        ChangeRecord record,
        CancellationToken cancellationToken);

    /// <summary>
    /// Takes a time step: false when it or a later one was taken before (RFC 6238 §5.2: a code is good once). At most one caller in the cluster is
    /// told true for a step.
    /// </summary>
    Task<bool> TryUseAsync(string accountId, long step, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>
    /// Removes the app, and the recovery codes that stood in for it. False, and nothing is written, when there was none, or the account has got another
    /// stamp since it was read or is disabled.
    /// </summary>
    Task<bool> TryRemoveAsync(string accountId, StampRenewal stamp, ChangeRecord record, CancellationToken cancellationToken);
}

/// <summary>An authenticator app.</summary>
/// <param name="AccountId">Whose.</param>
/// <param name="SealedSecret">The shared secret, encrypted by <see cref="TotpSecrets"/>.</param>
/// <param name="LastStep">The last time step whose code was taken.</param>
/// <param name="CreatedAt">When it was set up.</param>
/// <param name="LastUsedAt">When a code was last taken.</param>
public sealed record TotpAuthenticator(
    string AccountId, string SealedSecret, long LastStep, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt);
