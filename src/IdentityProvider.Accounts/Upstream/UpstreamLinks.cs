using IdentityProvider.Accounts.Mail;
using IdentityProvider.Accounts.SecondFactors;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>
/// Links identities elsewhere with accounts and unlinks them. Whoever calls has seen fresh proof of both sides; the account's person is told by
/// mail.
/// </summary>
public sealed class UpstreamLinks(
    ILinkedIdentityStore links,
    EnrolledFactors factors,
    SecurityNotices notices,
    IAuditTrail audit,
    TimeProvider clock,
    UpstreamProviders providers)
{
    public Task<IReadOnlyList<LinkedIdentity>> ListAsync(Account account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return links.ListAsync(account.Id, cancellationToken);
    }

    /// <returns>False when the identity belongs to another account.</returns>
    public async Task<bool> TryLinkAsync(Account account, UpstreamIdentity identity, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        ArgumentNullException.ThrowIfNull(identity);
        var provider = identity.Provider;
        if (!await links.TryAddAsync(account.Id, new LinkedIdentity(provider.Id, identity.Key, identity.Label), cancellationToken))
        {
            return string.Equals(
                await links.FindAccountAsync(provider.Id, identity.Key, cancellationToken), account.Id, StringComparison.Ordinal);
        }

        await NoteAsync(AuditEventTypes.ProviderLinked, account, provider.Id, remoteAddress, cancellationToken);
        await notices.TellAsync(AccountMailKind.ProviderLinked, account, NameOf(provider.Id), cancellationToken);
        return true;
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
        if (!await links.TryRemoveAsync(account.Id, providerId, key, usable, cancellationToken))
        {
            return UnlinkOutcome.LastWay;
        }

        await NoteAsync(AuditEventTypes.ProviderUnlinked, account, providerId, remoteAddress, cancellationToken);
        await notices.TellAsync(AccountMailKind.ProviderUnlinked, account, NameOf(providerId), cancellationToken);
        return UnlinkOutcome.Unlinked;
    }

    /// <summary>Whether the account can be entered without any provider: by what begins a sign-in, not by what only follows.</summary>
    private async Task<bool> HasOwnWayAsync(Account account, CancellationToken cancellationToken) =>
        (providers.Offers(SignInMethods.Password) && !string.IsNullOrEmpty(account.PasswordHash))
        || (account.EmailConfirmed && (providers.Offers(SignInMethods.EmailLink) || providers.Offers(SignInMethods.EmailCode)))
        || (await factors.ListAsync(account, cancellationToken)).Contains(SignInMethods.Passkey, StringComparer.Ordinal);

    private string NameOf(string providerId) => providers.Find(providerId)?.DisplayName ?? providerId;

    private static bool IsIt(LinkedIdentity identity, string providerId, string key) =>
        string.Equals(identity.ProviderId, providerId, StringComparison.Ordinal) && string.Equals(identity.Key, key, StringComparison.Ordinal);

    private Task NoteAsync(string type, Account account, string providerId, string? remoteAddress, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEvent { Type = type, At = clock.GetUtcNow(), Subject = account.Id, RemoteAddress = remoteAddress, Detail = providerId },
            cancellationToken);
}

/// <summary>What came of unlinking.</summary>
public enum UnlinkOutcome
{
    Unlinked,

    /// <summary>The account would have no way in any more; nothing was changed.</summary>
    LastWay,

    NotThere,
}
