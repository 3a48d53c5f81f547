using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Tokens;

namespace IdentityProvider.Protocol.Subjects;

/// <summary>
/// Accounts → <c>sub</c>, and sessions → <c>sid</c>, as a client sees them: OIDC Core §8. Pairwise ones are computed and stored nowhere (ADR 9); the way back is the
/// grant, whose id every access token bears.
/// </summary>
public sealed class SubjectIdentifiers(ISealing sealing)
{
    /// <summary>
    /// The account's id for public clients. For pairwise ones HMAC-SHA-256 over sector and account, base64url: 43 characters, always the same,
    /// which tell nobody else anything (§8.1).
    /// </summary>
    /// <param name="client">Who will read it.</param>
    /// <param name="accountId">The account's id.</param>
    public string Of(Client client, string accountId)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(accountId);
        return client.IsPairwise ? Compute(client, "sub", accountId) : accountId;
    }

    /// <summary>
    /// <c>sid</c>: the session's id, and for pairwise clients one of their sector's own, or clients that compare notes could tell by it who is who.
    /// </summary>
    public string SessionOf(Client client, Guid sessionId)
    {
        ArgumentNullException.ThrowIfNull(client);
        var id = sessionId.ToString("N");
        return client.IsPairwise ? Compute(client, "sid", id) : id;
    }

    private string Compute(Client client, string claim, string value)
    {
        // The rules let no pairwise client be stored without a sector. No host has a line feed, so the parts cannot be confused.
        var sector = SectorIdentifier.Of(client)
            ?? throw new InvalidOperationException($"Pairwise client {client.ClientId} has no sector.");
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        sealing.SubjectMac(Encoding.UTF8.GetBytes($"{claim}\n{sector}\n{value}"), mac);
        return Base64Url.EncodeToString(mac);
    }
}
