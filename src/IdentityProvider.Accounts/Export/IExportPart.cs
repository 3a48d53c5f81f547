using System.Text.Json.Nodes;

namespace IdentityProvider.Accounts.Export;

/// <summary>A part of what a person gets who asks for their data. Holds no secret, nor the hash of one: the file lies about afterwards.</summary>
public interface IExportPart
{
    /// <summary>Name of the member, in snake case.</summary>
    string Name { get; }

    /// <summary>What is kept; null leaves the member out.</summary>
    Task<JsonNode?> ReadAsync(Account account, CancellationToken cancellationToken);
}
