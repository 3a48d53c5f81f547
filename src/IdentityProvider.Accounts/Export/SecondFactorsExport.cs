using System.Text.Json.Nodes;
using IdentityProvider.Accounts.SecondFactors;

namespace IdentityProvider.Accounts.Export;

/// <summary>Which second factors are set up; nothing that proves them.</summary>
internal sealed class SecondFactorsExport(EnrolledFactors factors) : IExportPart
{
    public string Name => "second_factors";

    public async Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken) =>
        ExportJson.Of(await factors.ListAsync(account, cancellationToken));
}
