using System.Runtime.InteropServices;

namespace IdentityProvider.Accounts.Claims;

/// <summary>What an account's claims are made of, as it is stored. Empty text counts as unknown.</summary>
/// <param name="UserName"><c>preferred_username</c>.</param>
/// <param name="Email"><c>email</c>.</param>
/// <param name="EmailConfirmed"><c>email_verified</c>.</param>
/// <param name="PhoneNumber"><c>phone_number</c>.</param>
/// <param name="PhoneNumberConfirmed"><c>phone_number_verified</c>.</param>
/// <param name="UpdatedAt"><c>updated_at</c>.</param>
/// <param name="Profile"><see cref="Account.Claims"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ClaimSources(
    string? UserName, string? Email, bool EmailConfirmed, string? PhoneNumber, bool PhoneNumberConfirmed, DateTimeOffset UpdatedAt, string? Profile)
{
    public static ClaimSources Of(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return new(
            account.UserName, account.Email, account.EmailConfirmed, account.PhoneNumber, account.PhoneNumberConfirmed, account.UpdatedAt, account.Claims);
    }
}
