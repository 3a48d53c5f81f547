using System.Buffers.Text;
using System.Security.Cryptography;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.EndSession;

/// <summary>
/// Mints logout tokens: Back-Channel Logout §2.4. Signed like the client's ID tokens, told apart from them by <c>typ</c> and by having no
/// <c>nonce</c> (§4.1). One for each attempt: a retry bears a fresh <c>jti</c>, so a client that remembers them does not take it for a replay.
/// </summary>
public sealed class LogoutTokens(ISigningKeys keys, SubjectIdentifiers subjects, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>§2.4 recommends at most two minutes.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    /// <summary>Member of <c>events</c> (§2.4).</summary>
    private const string LogoutEvent = "http://schemas.openid.net/event/backchannel-logout";

    /// <param name="client">The only audience.</param>
    /// <param name="accountId">Whose session it was; told as in the client's ID tokens.</param>
    /// <param name="sessionId">The session that ended.</param>
    public string Issue(Client client, string accountId, Guid sessionId)
    {
        ArgumentNullException.ThrowIfNull(client);
        var parts = (options.Value.Issuer, client.ClientId, Subject: subjects.Of(client, accountId), SessionId: subjects.SessionOf(client, sessionId), Now: clock.GetUtcNow());
        return JwtWriter.Write(keys.GetSigner(TokenIssuer.IdTokenAlgorithm(client)), TokenTypes.LogoutToken, parts, static (json, parts) =>
        {
            json.WriteString(ClaimNames.Issuer, parts.Issuer);
            json.WriteString(ClaimNames.Subject, parts.Subject);
            json.WriteString(ClaimNames.Audience, parts.ClientId);
            json.WriteNumber(ClaimNames.IssuedAt, parts.Now.ToUnixTimeSeconds());
            json.WriteNumber(ClaimNames.Expiry, (parts.Now + Lifetime).ToUnixTimeSeconds());
            json.WriteString(ClaimNames.JwtId, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)));
            json.WriteString(ClaimNames.SessionId, parts.SessionId);
            json.WriteStartObject(ClaimNames.Events);
            json.WriteStartObject(LogoutEvent);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }
}
