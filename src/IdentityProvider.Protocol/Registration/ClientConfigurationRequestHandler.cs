using System.Security.Cryptography;
using System.Text.Json;
using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Registration;

/// <summary>
/// A self-registered client reads, updates or deletes its registration: RFC 7592 §2. An update rotates the registration access token
/// (§2.2 and §3 allow it); a read does not, so that an answer that got lost costs nothing.
/// </summary>
public sealed class ClientConfigurationRequestHandler(
    ClientMetadataValidator validator,
    IClientRegistrationStore registrations,
    RegisteredClients clients,
    TimeProvider clock,
    IOptions<ProtocolOptions> options)
{
    /// <summary>Compared with when there is no such client, so that its absence takes as long as a wrong token.</summary>
    private static readonly byte[] NoToken = new byte[SHA256.HashSizeInBytes];

    /// <summary>RFC 7592 §2.2: an update "MUST NOT include" them.</summary>
    private static readonly string[] NotForUpdates =
        ["registration_access_token", "registration_client_uri", "client_secret_expires_at", "client_id_issued_at"];

    /// <summary><c>GET</c>: RFC 7592 §2.1.</summary>
    public async Task<RegistrationOutcome> ReadAsync(string clientId, RegistrationRequest request, CancellationToken cancellationToken)
    {
        var (client, obstacle) = await OpenAsync(clientId, request, cancellationToken);
        return client is null ? obstacle! : new RegistrationOutcome.Told(clients.Describe(client, request.Token!, secret: null), IsNew: false);
    }

    /// <summary><c>PUT</c>: RFC 7592 §2.2. What is left out is deleted, or gets its default again.</summary>
    public async Task<RegistrationOutcome> UpdateAsync(string clientId, RegistrationRequest request, CancellationToken cancellationToken)
    {
        var (present, obstacle) = await OpenAsync(clientId, request, cancellationToken);
        if (present is null)
        {
            return obstacle!;
        }

        var document = ClientMetadataValidator.Parse(request.Body);
        if (!document.Succeeded)
        {
            return new RegistrationOutcome.Refused(document.Error);
        }

        if (FindUpdateProblem(document.Value, present.Client) is { } problem)
        {
            return new RegistrationOutcome.Refused(problem);
        }

        var secret = RegistrationTokens.New();
        var needsNewSecret = false;
        var client = await validator.ValidateAsync(
            document.Value,
            asked =>
            {
                needsNewSecret = asked.NeedsSecret && present.Client.Secrets.Count == 0;
                return asked with
                {
                    ClientId = present.Client.ClientId,
                    Status = present.Client.Status,
                    Secrets = needsNewSecret ? [RegisteredClients.Keep(secret)] : asked.NeedsSecret ? present.Client.Secrets : [],
                };
            },
            cancellationToken);
        if (!client.Succeeded)
        {
            return new RegistrationOutcome.Refused(client.Error);
        }

        var token = RegistrationTokens.New();
        var (presented, successor) = (RegistrationTokens.Hash(request.Token!), RegistrationTokens.Hash(token));
        if (!await registrations.TryReplaceAsync(client.Value, presented, successor, clock.GetUtcNow(), cancellationToken))
        {
            // Another update was first, and the token is dead.
            return Refuse();
        }

        await clients.TellAsync(AuditEventTypes.ClientUpdated, client.Value, request.RemoteAddress, cancellationToken);
        var updated = new RegisteredClient(client.Value, successor, present.IssuedAt);
        return new RegistrationOutcome.Told(clients.Describe(updated, token, needsNewSecret ? secret : null), IsNew: false);
    }

    /// <summary><c>DELETE</c>: RFC 7592 §2.3. Grants and tokens of the client end with it.</summary>
    public async Task<RegistrationOutcome> DeleteAsync(string clientId, RegistrationRequest request, CancellationToken cancellationToken)
    {
        var (client, obstacle) = await OpenAsync(clientId, request, cancellationToken);
        if (client is null)
        {
            return obstacle!;
        }

        if (!await registrations.TryDeleteAsync(clientId, RegistrationTokens.Hash(request.Token!), clock.GetUtcNow(), cancellationToken))
        {
            return Refuse();
        }

        await clients.TellAsync(AuditEventTypes.ClientDeleted, client.Client, request.RemoteAddress, cancellationToken);
        return new RegistrationOutcome.Deleted();
    }

    private async Task<(RegisteredClient? Client, RegistrationOutcome? Obstacle)> OpenAsync(
        string clientId, RegistrationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(clientId);
        ArgumentNullException.ThrowIfNull(request);
        if (options.Value.Registration.Mode is ClientRegistrationMode.Off)
        {
            return (null, new RegistrationOutcome.Closed());
        }

        if (request.Token is null)
        {
            return (null, new RegistrationOutcome.Unauthorized(Error: null));
        }

        // RFC 7592 §2: a token that does not fit and a client that does not exist are answered alike.
        var client = RegistrationTokens.IsClientId(clientId) ? await registrations.FindAsync(clientId, cancellationToken) : null;
        var fits = CryptographicOperations.FixedTimeEquals(RegistrationTokens.Hash(request.Token), client is null ? NoToken : client.TokenHash.Span);
        if (client is null || !fits)
        {
            return (null, Refuse());
        }

        return client.Client.Enabled
            ? (client, null)
            : (null, new RegistrationOutcome.Forbidden(new OAuthError(
                ErrorCodes.AccessDenied, "This client may not be managed.", $"client {clientId} is disabled")));
    }

    private static OAuthError? FindUpdateProblem(IReadOnlyDictionary<string, JsonElement> document, Client present)
    {
        if (NotForUpdates.FirstOrDefault(document.ContainsKey) is { } forbidden)
        {
            return Invalid($"An update must not include {forbidden}.");
        }

        if (!HasText(document, "client_id", out var clientId) || !string.Equals(clientId, present.ClientId, StringComparison.Ordinal))
        {
            return Invalid("An update must include the client_id of this client.");
        }

        // "The client MUST NOT be allowed to overwrite its existing client secret with its own chosen value."
        if (document.ContainsKey("client_secret"))
        {
            return HasText(document, "client_secret", out var secret) && present.Secrets.Any(kept => IsSame(kept, secret))
                ? null
                : Invalid("client_secret differs from the one that was issued.");
        }

        return null;
    }

    private static bool HasText(IReadOnlyDictionary<string, JsonElement> document, string name, out string text)
    {
        text = document.TryGetValue(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : string.Empty;
        return text.Length > 0;
    }

    private static bool IsSame(ClientSecret kept, string sent) =>
        CryptographicOperations.FixedTimeEquals(kept.Hash.Span, RegisteredClients.Keep(sent).Hash.Span);

    private static OAuthError Invalid(string description) => new(ErrorCodes.InvalidClientMetadata, description, description);

    private static RegistrationOutcome Refuse() =>
        new RegistrationOutcome.Unauthorized(OAuthError.InvalidToken("the registration access token is not that of the client"));
}
