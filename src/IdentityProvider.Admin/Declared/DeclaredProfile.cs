using System.Text.Json.Nodes;
using IdentityProvider.Accounts;

namespace IdentityProvider.Admin.Declared;

/// <summary>
/// What of a declared account its person can change as well: mail address, telephone number and claims, the language among them. What was declared
/// last is kept beside the account, so that only what is declared differently since is written, and the rest stays as the person chose it.
/// </summary>
internal static class DeclaredProfile
{
    private const string Email = "email";
    private const string PhoneNumber = "phone_number";
    private const string Claims = "claims";

    /// <summary>To be kept beside the account once it is applied.</summary>
    public static string Write(DeclaredAccount declared) => Of(declared).ToJsonString();

    /// <summary>Whether nothing is declared differently.</summary>
    /// <param name="declared">Now.</param>
    /// <param name="before">What was kept; null when nothing was.</param>
    public static bool IsUnchanged(DeclaredAccount declared, string? before) =>
        before is not null && JsonNode.DeepEquals(Of(declared), JsonNode.Parse(before));

    /// <summary>Gives the account what is declared differently.</summary>
    /// <param name="account">As it is.</param>
    /// <param name="declared">Now.</param>
    /// <param name="before">What was kept; null when nothing was.</param>
    public static void Apply(Account account, DeclaredAccount declared, string? before)
    {
        var (now, then) = (Of(declared), before is null ? [] : JsonNode.Parse(before)!.AsObject());
        if (!JsonNode.DeepEquals(now[Email], then[Email]))
        {
            (account.Email, account.EmailConfirmed) = (declared.Email, declared.EmailVerified);
        }

        if (!JsonNode.DeepEquals(now[PhoneNumber], then[PhoneNumber]))
        {
            (account.PhoneNumber, account.PhoneNumberConfirmed) = (declared.PhoneNumber, declared.PhoneNumberVerified);
        }

        account.Claims = Merge(account.Claims, now[Claims]!.AsObject(), then[Claims]?.AsObject() ?? []);
    }

    private static string? Merge(string? present, JsonObject now, JsonObject then)
    {
        var claims = string.IsNullOrEmpty(present) ? [] : JsonNode.Parse(present)!.AsObject();
        foreach (var (name, value) in now.Where(claim => !JsonNode.DeepEquals(claim.Value, then[claim.Key])))
        {
            claims[name] = value?.DeepClone();
        }

        foreach (var (name, _) in then.Where(claim => !now.ContainsKey(claim.Key)))
        {
            claims.Remove(name);
        }

        return claims.Count == 0 ? null : claims.ToJsonString();
    }

    private static JsonObject Of(DeclaredAccount declared) => new()
    {
        [Email] = new JsonArray(declared.Email, declared.EmailVerified),
        [PhoneNumber] = new JsonArray(declared.PhoneNumber, declared.PhoneNumberVerified),
        [Claims] = declared.Claims?.DeepClone() ?? new JsonObject(),
    };
}
