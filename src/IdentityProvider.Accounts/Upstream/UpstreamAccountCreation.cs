using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Accounts.SignUp;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>Makes the account of who comes from a provider for the first time.</summary>
public sealed class UpstreamAccountCreation(
    AccountFinder accounts, UserManager<Account> users, IAccountCreationStore store, ChangeRecords records, TimeProvider clock)
{
    /// <summary>A new account with its link; null when the address, the name or the identity belongs to an account.</summary>
    public async Task<Account?> TryCreateAsync(UpstreamIdentity identity, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        if (identity.Email is { } email && await accounts.FindAsync(email) is not null)
        {
            return null;
        }

        var account = AccountOf(identity);
        var created = new NewAccount(account) { Identity = new LinkedIdentity(identity.Provider.Id, identity.Key, identity.Label) };
        var record = records.NoteCreation(account, remoteAddress, detail: "by " + identity.Provider.Id);
        return await store.TryCreateAsync(created, record, cancellationToken) ? account : null;
    }

    /// <summary>With the address as the user name where there is one, as everywhere; else a name that says where it comes from.</summary>
    private Account AccountOf(UpstreamIdentity identity)
    {
        var now = clock.GetUtcNow();
        var name = identity.Email ?? $"{identity.Provider.Id}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        var account = Account.Create(name, identity.Email, now);
        account.EmailConfirmed = identity.Email is not null;
        account.NormalizedUserName = users.NormalizeName(name);
        account.NormalizedEmail = users.NormalizeEmail(identity.Email);
        account.SecurityStamp = Account.NewStamp();
        account.LastSignInAt = now;
        account.Claims = identity.Claims.Count == 0 ? null : JsonSerializer.Serialize(identity.Claims);
        return account;
    }
}
