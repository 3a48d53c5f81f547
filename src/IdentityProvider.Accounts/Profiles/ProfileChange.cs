using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.Profiles;

/// <summary>Changes what a person says about themselves, as far as the operator lets them.</summary>
public sealed class ProfileChange(UserManager<Account> users, IOptions<AccountsOptions> options, IAuditTrail audit, TimeProvider clock)
{
    /// <summary>Claims the person may change, in the order in which they are asked for.</summary>
    public IReadOnlyList<string> Editable => [.. ProfileClaims.All.Where(claim => options.Value.EditableClaims.Contains(claim, StringComparer.Ordinal))];

    /// <param name="accountId">Who is signed in.</param>
    /// <param name="fields">As typed, by field; those of claims that cannot be changed are not looked at.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<ProfileOutcome> ChangeAsync(
        string accountId, IReadOnlyDictionary<string, string> fields, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var values = fields.ToDictionary(field => field.Key, field => field.Value.Trim(), StringComparer.Ordinal);
        var problems = Editable.SelectMany(ProfileClaims.FieldsOf)
            .Select(field => (Field: field, Problem: ProfileRules.FindProblem(field, values.GetValueOrDefault(field, string.Empty))))
            .Where(found => found.Problem is not null)
            .ToDictionary(found => found.Field, found => found.Problem!.Value, StringComparer.Ordinal);
        if (problems.Count > 0)
        {
            return new ProfileOutcome.Refused(problems);
        }

        if (await users.FindByIdAsync(accountId) is not { } account)
        {
            return new ProfileOutcome.Overtaken();
        }

        account.Claims = ProfileClaims.Write(account.Claims, Editable, values);
        account.UpdatedAt = clock.GetUtcNow();
        if (!(await users.UpdateAsync(account)).Succeeded)
        {
            return new ProfileOutcome.Overtaken();
        }

        var entry = new AuditEvent
        {
            Type = AuditEventTypes.ProfileChanged,
            At = account.UpdatedAt,
            Subject = account.Id,
            RemoteAddress = remoteAddress,
        };
        await audit.AppendAsync(entry, cancellationToken);
        return new ProfileOutcome.Changed();
    }
}

/// <summary>What came of changing a profile.</summary>
public abstract record ProfileOutcome
{
    private ProfileOutcome()
    {
    }

    public sealed record Changed : ProfileOutcome;

    /// <summary>Nothing was changed; the problems by field.</summary>
    public sealed record Refused(IReadOnlyDictionary<string, ProfileProblem> Problems) : ProfileOutcome;

    /// <summary>The account was changed at the same moment, or is gone.</summary>
    public sealed record Overtaken : ProfileOutcome;
}
