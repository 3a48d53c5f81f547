using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Closing;
using IdentityProvider.Accounts.Export;
using IdentityProvider.Accounts.SecondFactors;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Pages;

/// <summary>The whole account as its person takes it away: exported, disabled, deleted.</summary>
internal sealed class AccountDesk(
    AccountExport export, AccountClosing closing, EnrolledFactors factors, UserManager<Account> users, IOptions<AccountsOptions> options)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
    };

    public bool AllowsClosing => options.Value.AllowClosing;

    /// <summary>What a fresh proof must reach: both factors where the account has two.</summary>
    public async Task<int> LevelOfAsync(string subject, CancellationToken cancellationToken) =>
        await users.FindByIdAsync(subject) is { } account && (await factors.ListAsync(account, cancellationToken)).Count > 0 ? 2 : 1;

    /// <summary>JSON; null when the account is gone.</summary>
    public async Task<byte[]?> ExportAsync(string subject, string? remoteAddress, CancellationToken cancellationToken) =>
        await export.MakeAsync(subject, remoteAddress, cancellationToken) is { } data ? JsonSerializer.SerializeToUtf8Bytes(data, Json) : null;

    public Task<bool> TryDisableAsync(string subject, string? remoteAddress, CancellationToken cancellationToken) =>
        closing.TryDisableAsync(subject, CultureInfo.CurrentUICulture.Name, remoteAddress, cancellationToken);

    public Task<bool> TryDeleteAsync(string subject, CancellationToken cancellationToken) =>
        closing.TryDeleteAsync(subject, CultureInfo.CurrentUICulture.Name, cancellationToken);
}
