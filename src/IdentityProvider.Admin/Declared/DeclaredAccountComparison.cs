using System.Text.Json.Nodes;
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
            var stored = await marks.FindAsync(
                account.UserName.ToUpperInvariant(), AccountMarks.TokenProvider, AccountMarks.PasswordToken, cancellationToken);
            if (stored is null || !IsAsDeclared(stored, account, isDevelopment))
            {
                different.Add(account);
            }
        }

        return different;
    }

    /// <summary>Whether mail address, telephone number, second factor and claims are as declared.</summary>
    internal static bool HasDeclaredFields(Account account, DeclaredAccount declared) =>
        string.Equals(account.Email, declared.Email, StringComparison.Ordinal)
        && account.EmailConfirmed == declared.EmailVerified
        && string.Equals(account.PhoneNumber, declared.PhoneNumber, StringComparison.Ordinal)
        && account.PhoneNumberConfirmed == declared.PhoneNumberVerified
        && account.RequiresSecondFactor == declared.RequireSecondFactor
        && SameJson(account.Claims, declared.Claims);

    private bool IsAsDeclared(MarkedAccount stored, DeclaredAccount declared, bool isDevelopment) =>
        HasDeclaredFields(stored.Account, declared)
        && (declared.Enabled is null || stored.Account.Disabled != declared.Enabled)
        && (!isDevelopment || stored.Marks.Contains(AccountMarks.DeclaredIn, StringComparer.Ordinal))
        && (declared.Password is null || IsPasswordDeclaredBefore(stored, declared.Password));

    private bool IsPasswordDeclaredBefore(MarkedAccount stored, string password) =>
        stored.Token is not null && hasher.VerifyHashedPassword(stored.Account, stored.Token, password) != PasswordVerificationResult.Failed;

    /// <summary>PostgreSQL gives JSON back with its members in another order.</summary>
    private static bool SameJson(string? stored, JsonObject? declared) =>
        stored is null ? declared is null : JsonNode.DeepEquals(JsonNode.Parse(stored), declared);
}
