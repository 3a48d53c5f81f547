using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>
/// Sign-in by an identity elsewhere. It leads to the account that its person linked it with, and to no other: an equal mail address is no
/// proof, for the address may have had another owner, here or there (nOAuth, CVE-2025-7365).
/// </summary>
public sealed class UpstreamSignIn(
    ILinkedIdentityStore links,
    AccountFinder accounts,
    UserManager<Account> users,
    IAccountStateStore states,
    IAuditTrail audit,
    TimeProvider clock)
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

        if (provider.AllowRegistration && await TryCreateAsync(identity, cancellationToken) is { } account)
        {
            await NoteAsync(AuditEventTypes.AccountCreated, account.Id, remoteAddress, "by " + provider.Id, cancellationToken);
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

        await states.RecordSignInAsync(account.Id, clock.GetUtcNow(), cancellationToken);
        return new UpstreamSignInOutcome.SignedIn(account);
    }

    private async Task<UpstreamSignInOutcome> RefuseAsync(
        string? subject, string? remoteAddress, string reason, CancellationToken cancellationToken)
    {
        await NoteAsync(AuditEventTypes.SignInFailed, subject, remoteAddress, reason, cancellationToken);
        return new UpstreamSignInOutcome.Refused();
    }

    /// <summary>A new account with its link; null when the address, the name or the identity belongs to an account.</summary>
    private async Task<Account?> TryCreateAsync(UpstreamIdentity identity, CancellationToken cancellationToken)
    {
        if (identity.Email is { } email && await accounts.FindAsync(email) is not null)
        {
            return null;
        }

        var account = NewAccount(identity);
        var link = new LinkedIdentity(identity.Provider.Id, identity.Key, identity.Label);
        return await links.TryCreateAsync(account, link, cancellationToken) == LinkedAccountCreation.Created ? account : null;
    }

    /// <summary>With the address as the user name where there is one, as everywhere; else a name that says where it comes from.</summary>
    private Account NewAccount(UpstreamIdentity identity)
    {
        var now = clock.GetUtcNow();
        var name = identity.Email ?? $"{identity.Provider.Id}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        var account = Account.Create(name, identity.Email, now);
        account.EmailConfirmed = identity.Email is not null;
        account.NormalizedUserName = users.NormalizeName(name);
        account.NormalizedEmail = users.NormalizeEmail(identity.Email);
        account.SecurityStamp = Convert.ToHexString(RandomNumberGenerator.GetBytes(20));
        account.LockoutEnabled = true;
        account.LastSignInAt = now;
        account.Claims = identity.Claims.Count == 0 ? null : JsonSerializer.Serialize(identity.Claims);
        return account;
    }

    private Task NoteAsync(string type, string? subject, string? remoteAddress, string detail, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEvent { Type = type, At = clock.GetUtcNow(), Subject = subject, RemoteAddress = remoteAddress, Detail = detail },
            cancellationToken);
}
