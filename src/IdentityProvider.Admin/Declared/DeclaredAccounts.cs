using System.Security.Claims;
using IdentityProvider.Accounts;
using IdentityProvider.Protocol.Sessions;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Admin.Declared;

/// <summary>
/// Declared accounts into the database: created when absent, changed where something else is declared than before. What the person chose since
/// stays: the password, the mail address, the language and the other claims.
/// </summary>
public sealed class DeclaredAccounts(
    UserManager<Account> accounts,
    IPasswordHasher<Account> hasher,
    IAccountStateStore states,
    ISessionStore sessions,
    TimeProvider clock)
{
    private static readonly Claim DevelopmentMark = new(AccountMarks.DeclaredIn, AccountMarks.Development);

    /// <returns>What Identity refused, such as a name that is taken; empty when all accounts are as declared.</returns>
    public async Task<IReadOnlyList<DeclaredProblem>> SaveAsync(
        IReadOnlyList<DeclaredAccount> declared, bool isDevelopment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(declared);
        var problems = new List<DeclaredProblem>();
        foreach (var account in declared)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = await SaveAsync(account, isDevelopment, cancellationToken);
            problems.AddRange(result.Errors.Select(error => new DeclaredProblem("Accounts", account.UserName, Member: null, error.Description)));
        }

        return problems;
    }

    private async Task<IdentityResult> SaveAsync(DeclaredAccount declared, bool isDevelopment, CancellationToken cancellationToken)
    {
        var account = await accounts.FindByNameAsync(declared.UserName);
        var result = account is null
            ? await CreateAsync(account = Account.Create(declared.UserName, declared.Email, clock.GetUtcNow()), declared)
            : await ChangeAsync(account, declared, cancellationToken);
        if (!result.Succeeded)
        {
            return result;
        }

        if (isDevelopment && !(await accounts.GetClaimsAsync(account)).Any(IsDevelopmentMark))
        {
            await accounts.AddClaimAsync(account, DevelopmentMark);
        }

        if (declared.Enabled == true)
        {
            await states.TryEnableAsync(account.Id, cancellationToken);
        }
        else if (declared.Enabled == false)
        {
            await states.TryDisableAsync(account.Id, record: null, clock.GetUtcNow(), cancellationToken);
        }

        return result;
    }

    private async Task<IdentityResult> CreateAsync(Account account, DeclaredAccount declared)
    {
        DeclaredProfile.Apply(account, declared, before: null);
        account.RequiresSecondFactor = declared.RequireSecondFactor;
        account.PasswordHash = declared.Password is null ? null : hasher.HashPassword(account, declared.Password);
        var result = await accounts.CreateAsync(account);
        if (result.Succeeded)
        {
            result = await RememberProfileAsync(account, declared);
        }

        return result.Succeeded && declared.Password is not null ? await RememberPasswordAsync(account, declared.Password) : result;
    }

    private async Task<IdentityResult> ChangeAsync(Account account, DeclaredAccount declared, CancellationToken cancellationToken)
    {
        var before = await accounts.GetAuthenticationTokenAsync(account, AccountMarks.TokenProvider, AccountMarks.ProfileToken);
        var isUnchanged = DeclaredProfile.IsUnchanged(declared, before);
        if (!isUnchanged || account.RequiresSecondFactor != declared.RequireSecondFactor)
        {
            DeclaredProfile.Apply(account, declared, before);
            account.RequiresSecondFactor = declared.RequireSecondFactor;
            account.UpdatedAt = clock.GetUtcNow();
            var changed = await accounts.UpdateAsync(account);
            if (!changed.Succeeded)
            {
                return changed;
            }
        }

        if (!isUnchanged && await RememberProfileAsync(account, declared) is { Succeeded: false } forgotten)
        {
            return forgotten;
        }

        return declared.Password is null ? IdentityResult.Success : await ChangePasswordAsync(account, declared.Password, cancellationToken);
    }

    private async Task<IdentityResult> ChangePasswordAsync(Account account, string password, CancellationToken cancellationToken)
    {
        // What was declared last is kept as a hash of its own, because the account's password may be another one by now.
        var before = await accounts.GetAuthenticationTokenAsync(account, AccountMarks.TokenProvider, AccountMarks.PasswordToken);
        if (before is not null && hasher.VerifyHashedPassword(account, before, password) != PasswordVerificationResult.Failed)
        {
            return IdentityResult.Success;
        }

        // One write with the new stamp: at no moment is the account without a password.
        account.PasswordHash = hasher.HashPassword(account, password);
        var result = await accounts.UpdateSecurityStampAsync(account);
        if (!result.Succeeded)
        {
            return result;
        }

        // Whoever got in by the old one is out.
        await sessions.EndAllAsync(account.Id, clock.GetUtcNow(), cancellationToken);
        return await RememberPasswordAsync(account, password);
    }

    private Task<IdentityResult> RememberPasswordAsync(Account account, string password) =>
        accounts.SetAuthenticationTokenAsync(account, AccountMarks.TokenProvider, AccountMarks.PasswordToken, hasher.HashPassword(account, password));

    private Task<IdentityResult> RememberProfileAsync(Account account, DeclaredAccount declared) =>
        accounts.SetAuthenticationTokenAsync(account, AccountMarks.TokenProvider, AccountMarks.ProfileToken, DeclaredProfile.Write(declared));

    private static bool IsDevelopmentMark(Claim claim) =>
        string.Equals(claim.Type, DevelopmentMark.Type, StringComparison.Ordinal)
        && string.Equals(claim.Value, DevelopmentMark.Value, StringComparison.Ordinal);
}
