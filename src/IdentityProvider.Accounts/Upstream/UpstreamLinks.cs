using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>
/// Links identities elsewhere with accounts and unlinks them. Whoever calls has seen fresh proof of both sides; the account's person is told by
/// mail.
/// </summary>
public sealed class UpstreamLinks(ILinkedIdentityStore links, EnrolledFactors factors, ChangeRecords records, UpstreamProviders providers)
{
    public Task<IReadOnlyList<LinkedIdentity>> ListAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return links.ListAsync(account.Id, cancellationToken);
    }

    /// <returns>False when the identity belongs to another account, or this one has changed meanwhile.</returns>
    public async Task<bool> TryLinkAsync(Account account, UpstreamIdentity identity, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(identity);
        var provider = identity.Provider;
        var record = Tell(AuditEventTypes.ProviderLinked, AccountMailKind.ProviderLinked, account, provider.Id, remoteAddress);
        var linked = new LinkedIdentity(provider.Id, identity.Key, identity.Label);
        return await links.TryAddAsync(account.Id, account.SecurityStamp ?? string.Empty, linked, record, cancellationToken)
            || string.Equals(await links.FindAccountAsync(provider.Id, identity.Key, cancellationToken), account.Id, StringComparison.Ordinal);
    }

    public async Task<UnlinkOutcome> UnlinkAsync(
        Account account, string providerId, string key, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        var linked = await links.ListAsync(account.Id, cancellationToken);
        if (!linked.Any(identity => IsIt(identity, providerId, key)))
        {
            return UnlinkOutcome.NotThere;
        }

        string[]? usable = await HasOwnWayAsync(account, cancellationToken) ? null : [.. providers.All.Select(provider => provider.Id)];
        var record = Tell(AuditEventTypes.ProviderUnlinked, AccountMailKind.ProviderUnlinked, account, providerId, remoteAddress);
        return await links.TryRemoveAsync(account.Id, providerId, key, usable, record, cancellationToken)
            ? UnlinkOutcome.Unlinked
            : UnlinkOutcome.LastWay;
    }

    /// <summary>Whether the account can be entered without any provider: by what begins a sign-in, not by what only follows.</summary>
    private async Task<bool> HasOwnWayAsync(Account account, CancellationToken cancellationToken) =>
        (providers.Offers(SignInMethods.Password) && !string.IsNullOrEmpty(account.PasswordHash))
        || (account.EmailConfirmed && (providers.Offers(SignInMethods.EmailLink) || providers.Offers(SignInMethods.EmailCode)))
        || (await factors.ListAsync(account, cancellationToken)).Contains(SignInMethods.Passkey, StringComparer.Ordinal);

    private string NameOf(string providerId) => providers.Find(providerId)?.DisplayName ?? providerId;

    private static bool IsIt(LinkedIdentity identity, string providerId, string key) =>
        string.Equals(identity.ProviderId, providerId, StringComparison.Ordinal) && string.Equals(identity.Key, key, StringComparison.Ordinal);

    private ChangeRecord Tell(string type, AccountMailKind kind, Account account, string providerId, string? remoteAddress) =>
        records.Tell(type, kind, account, remoteAddress, detail: providerId, subject: NameOf(providerId));
}

/// <summary>What came of unlinking.</summary>
public enum UnlinkOutcome
{
    Unlinked,

    /// <summary>The account would have no way in any more; nothing was changed.</summary>
    LastWay,

    NotThere,
}
