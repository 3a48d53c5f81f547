using IdentityProvider.Accounts.SignIn;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>
/// Sign-in by an identity elsewhere. It leads to the account that its person linked it with, and to no other: an equal mail address is no
/// proof, for the address may have had another owner, here or there (nOAuth, CVE-2025-7365).
/// </summary>
public sealed class UpstreamSignIn(
    ILinkedIdentityStore links, UpstreamAccountCreation creation, UserManager<Account> users, SignInFailures failures)
{
    /// <param name="identity">Verified just now.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<UpstreamSignInOutcome> SignInAsync(UpstreamIdentity identity, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        var provider = identity.Provider;
        if (!IsAdmitted(identity))
        {
            return await RefuseAsync(subject: null, remoteAddress, $"{provider.Id}: not of an admitted e-mail domain", cancellationToken);
        }

        if (await links.FindAccountAsync(provider.Id, identity.Key, cancellationToken) is { } known)
        {
            return await EnterAsync(known, provider, remoteAddress, cancellationToken);
        }

        if (provider.AllowRegistration && await creation.TryCreateAsync(identity, remoteAddress, cancellationToken) is { } account)
        {
            return new UpstreamSignInOutcome.SignedIn(account);
        }

        // Whoever came first made account and link at once: what stood in the way may be this very person's account.
        return await links.FindAccountAsync(provider.Id, identity.Key, cancellationToken) is { } winner
            ? await EnterAsync(winner, provider, remoteAddress, cancellationToken)
            : new UpstreamSignInOutcome.NotLinked();
    }

    private static bool IsAdmitted(UpstreamIdentity identity)
    {
        var domain = identity.Email?[(identity.Email.LastIndexOf('@') + 1)..];
        return identity.Provider.EmailDomains.Count == 0 || identity.Provider.EmailDomains.Contains(domain, StringComparer.OrdinalIgnoreCase);
    }

    private async Task<UpstreamSignInOutcome> EnterAsync(
        string accountId, UpstreamProvider provider, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(accountId) is not { Disabled: false } account)
        {
            return await RefuseAsync(accountId, remoteAddress, $"{provider.Id}: disabled account", cancellationToken);
        }

        await failures.EndAsync(account, cancellationToken);
        return new UpstreamSignInOutcome.SignedIn(account);
    }

    private async Task<UpstreamSignInOutcome> RefuseAsync(
        string? subject, string? remoteAddress, string reason, CancellationToken cancellationToken)
    {
        await failures.NoteAsync(subject, remoteAddress, reason, cancellationToken);
        return new UpstreamSignInOutcome.Refused();
    }
}
