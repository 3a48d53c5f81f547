using System.Text.Json;
using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Registration;

/// <summary>
/// <c>sector_identifier_uri</c> of a client that registers itself: OIDC Registration §5. The document there is a JSON array of addresses,
/// and has to name every redirect URI, or anybody could join a sector.
/// </summary>
public sealed class SectorDocuments(IClientDocumentFetcher fetcher)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 };

    /// <summary>The problem, or null. Asks nobody when the client names no such address.</summary>
    public async Task<ClientProblem?> FindProblemAsync(Client client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.SectorIdentifierUri is not { } address)
        {
            return null;
        }

        if (await fetcher.FetchAsync(address, cancellationToken) is not { } document || Read(document) is not { } named)
        {
            return new("sector_identifier_uri", "leads to no JSON array of redirect URIs (OIDC Registration §5).");
        }

        return client.RedirectUris.All(named.Contains)
            ? null
            : new("sector_identifier_uri", "leads to an array that lacks one of redirect_uris (OIDC Registration §5).");
    }

    private static HashSet<string>? Read(byte[] document)
    {
        try
        {
            using var json = JsonDocument.Parse(document, Options);
            return json.RootElement.ValueKind == JsonValueKind.Array
                ? [.. json.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or a string that is not text.
            return null;
        }
    }
}
