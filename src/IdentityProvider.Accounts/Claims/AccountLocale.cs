using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Claims;

/// <summary>The language a person chose for pages and mail: claim <c>locale</c> (OIDC Core §5.1), which clients see as well.</summary>
public sealed class AccountLocale(UserManager<Account> users, TimeProvider clock)
{
    private const string Claim = "locale";

    /// <summary>The language tag, or null when none was chosen.</summary>
    public static string? Of(Account account)
    {
        ArgumentNullException.ThrowIfNull(account);
        return account.Claims is { Length: > 0 } claims
            && JsonElement.Parse(claims) is { ValueKind: JsonValueKind.Object } profile
            && profile.TryGetProperty(Claim, out var locale)
            && locale.ValueKind is JsonValueKind.String
                ? locale.GetString()
                : null;
    }

    /// <param name="subject">Id of the account.</param>
    /// <param name="locale">A language tag; null takes the choice back.</param>
    /// <returns>False when the account is gone or was changed at the same time; nothing has changed then.</returns>
    public async Task<bool> TryChooseAsync(string subject, string? locale)
    {
        if (await users.FindByIdAsync(subject) is not { } account)
        {
            return false;
        }

        var profile = account.Claims is { Length: > 0 } claims ? JsonNode.Parse(claims)!.AsObject() : [];
        profile.Remove(Claim);
        if (locale is not null)
        {
            profile[Claim] = locale;
        }

        account.Claims = profile.Count == 0 ? null : profile.ToJsonString();
        account.UpdatedAt = clock.GetUtcNow();
        return (await users.UpdateAsync(account)).Succeeded;
    }
}
