using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>
/// One account and passkeys of it, as a store of ASP.NET Core Identity: what the framework's handler may ask for while it verifies. Counters
/// read 0 here: the handler would judge them by what was read, and ours are judged by the write.
/// </summary>
internal sealed class KnownPasskeys(Account? account, IReadOnlyList<Passkey> passkeys) : IUserPasskeyStore<Account>
{
    public static KnownPasskeys None { get; } = new(account: null, []);

    public UserManager<Account> AsUserManager() => new(
        this,
        Options.Create(new IdentityOptions()),
        new PasswordHasher<Account>(),
        [],
        [],
        new UpperInvariantLookupNormalizer(),
        new IdentityErrorDescriber(),
        services: null!,
        NullLogger<UserManager<Account>>.Instance);

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Task.FromResult(string.Equals(account?.Id, userId, StringComparison.Ordinal) ? account : null);

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken) =>
        Task.FromResult<IList<UserPasskeyInfo>>([.. passkeys.Select(Describe)]);

    public Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        Task.FromResult(passkeys.Where(passkey => passkey.CredentialId.Span.SequenceEqual(credentialId)).Select(Describe).FirstOrDefault());

    /// <summary>Nobody: whether a new credential id is known is decided by the insert (<see cref="IPasskeyStore.TryAddAsync"/>).</summary>
    public Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult<Account?>(null);

    public Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw Unasked();

    public Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) => throw Unasked();

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => throw Unasked();

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => throw Unasked();

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => throw Unasked();

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) => throw Unasked();

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => throw Unasked();

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => throw Unasked();

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken) => throw Unasked();

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw Unasked();

    public void Dispose()
    {
        // Holds nothing.
    }

    private static UserPasskeyInfo Describe(Passkey passkey) => new(
        passkey.CredentialId.ToArray(),
        passkey.PublicKey.ToArray(),
        passkey.CreatedAt,
        signCount: 0,
        [.. passkey.Transports],
        isUserVerified: true,
        passkey.IsBackupEligible,
        passkey.IsBackedUp,
        attestationObject: [],
        clientDataJson: []);

    private static NotSupportedException Unasked() => new("A ceremony changes nothing and asks for ids only.");
}
