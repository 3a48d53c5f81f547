using IdentityProvider.Protocol.Clients;

namespace IdentityProvider.Protocol.Subjects;

/// <summary>The sector of a pairwise client: OIDC Core §8.1.</summary>
public static class SectorIdentifier
{
    /// <summary>
    /// Host of <c>sector_identifier_uri</c>; without one, the host that all redirect URIs have. Null when there is none, or several: then the
    /// client has to register a <c>sector_identifier_uri</c> (§8.1).
    /// </summary>
    public static string? Of(Client client)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (client.SectorIdentifierUri is { } sector)
        {
            return HostOf(sector);
        }

        string?[] hosts = [.. client.RedirectUris.Select(HostOf).Distinct(StringComparer.Ordinal)];
        return hosts is [{ Length: > 0 } only] ? only : null;
    }

    /// <summary>Null for addresses without a host, such as those of private-use schemes.</summary>
    private static string? HostOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Host.Length > 0 ? uri.Host.ToLowerInvariant() : null;
}
