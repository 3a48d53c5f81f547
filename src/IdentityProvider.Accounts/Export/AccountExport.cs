using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Claims;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Export;

/// <summary>All that is kept about a person, for themselves: the account and every <see cref="IExportPart"/>.</summary>
public sealed class AccountExport(
    UserManager<Account> users, IEnumerable<IExportPart> parts, ChangeRecords records)
{
    /// <summary>Null when there is no such account. Noted in the trail and told by mail, for the file is as good as the account to a thief.</summary>
    public async Task<JsonObject?> MakeAsync(string accountId, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (await users.FindByIdAsync(accountId) is not { } account)
        {
            return null;
        }

        var record = records.Tell(AuditEventTypes.AccountExported, AccountMailKind.DataExported, account, remoteAddress);
        await records.AddAsync(record, cancellationToken);
        var now = record.Entry.At;
        var export = new JsonObject
        {
            ["exported_at"] = ExportJson.Of(now),
            ["account"] = ExportJson.Of(new
            {
                account.Id,
                account.UserName,
                account.CreatedAt,
                account.LastSignInAt,
                HasPassword = account.PasswordHash is not null,
                account.RequiresSecondFactor,
                FailedSignIns = account.AccessFailedCount,
                PausedUntil = account.LockoutEnd > now ? account.LockoutEnd : null,
            }),
            ["claims"] = ExportJson.Of(SubjectClaims.Of(ClaimSources.Of(account))),
        };
        foreach (var part in parts)
        {
            if (await part.ReadAsync(account, cancellationToken) is { } value)
            {
                export[part.Name] = value;
            }
        }

        return export;
    }
}
