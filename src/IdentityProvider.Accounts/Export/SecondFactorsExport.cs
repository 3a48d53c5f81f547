using System.Text.Json.Nodes;
using IdentityProvider.Accounts.SecondFactors;

namespace IdentityProvider.Accounts.Export;

/// <summary>Which second factors are set up; nothing that proves them.</summary>
internal sealed class SecondFactorsExport(EnrolledFactors factors, ITotpStore totps, IRecoveryCodeStore codes, TelephoneFactor telephone)
    : IExportPart
{
    public string Name => "second_factors";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken)
    {
        var app = await totps.FindAsync(account.Id, cancellationToken);
        return ExportJson.Of(new
        {
            Methods = await factors.ListAsync(account, cancellationToken),
            TelephoneNumber = await telephone.FindNumberAsync(account, cancellationToken),
            AuthenticatorApp = app is null ? null : new { app.CreatedAt, app.LastUsedAt },
            UnusedRecoveryCodes = await codes.CountAsync(account.Id, cancellationToken),
        });
    }
}
