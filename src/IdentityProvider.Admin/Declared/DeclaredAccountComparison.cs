using IdentityProvider.Accounts;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Admin.Declared;

/// <summary>
/// Which declared accounts differ from the stored ones: one read and one hash for each. Most starts find none, and then neither Identity
/// nor Entity Framework is needed.
/// </summary>
public sealed class DeclaredAccountComparison(IAccountMarkStore marks, IPasswordHasher<Account> hasher)
{
    public async Task<IReadOnlyList<DeclaredAccount>> FindDifferentAsync(
        IReadOnlyList<DeclaredAccount> declared, bool isDevelopment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(declared);
        var different = new List<DeclaredAccount>();
        foreach (var account in declared)
        {
            var stored = await marks.FindAsync(account.UserName.ToUpperInvariant(), AccountMarks.TokenProvider, cancellationToken);
            if (stored is null || !IsAsDeclared(stored, account, isDevelopment))
            {
                different.Add(account);
            }
        }

        return different;
    }

    private bool IsAsDeclared(MarkedAccount stored, DeclaredAccount declared, bool isDevelopment) =>
        DeclaredProfile.IsUnchanged(declared, stored.Tokens.GetValueOrDefault(AccountMarks.ProfileToken))
        && stored.Account.RequiresSecondFactor == declared.RequireSecondFactor
        && (declared.Enabled is null || stored.Account.Disabled != declared.Enabled)
        && (!isDevelopment || stored.Marks.Contains(AccountMarks.DeclaredIn, StringComparer.Ordinal))
        && (declared.Password is null || IsPasswordDeclaredBefore(stored, declared.Password));

    private bool IsPasswordDeclaredBefore(MarkedAccount stored, string password) =>
        stored.Tokens.GetValueOrDefault(AccountMarks.PasswordToken) is { } token
        && hasher.VerifyHashedPassword(stored.Account, token, password) != PasswordVerificationResult.Failed;
}
