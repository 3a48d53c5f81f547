using IdentityProvider.Protocol.Audit;
using IdentityProvider.Protocol.Configuration;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Registration;

/// <summary>A client registers itself: RFC 7591 §3, OIDC Registration §3.</summary>
public sealed class RegistrationRequestHandler(
    InitialAccess access,
    ClientMetadataValidator validator,
    IClientRegistrationStore registrations,
    RegisteredClients clients,
    TimeProvider clock,
    IOptions<ProtocolOptions> options)
{
    /// <param name="request">What was sent.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    public async Task<RegistrationOutcome> HandleAsync(RegistrationRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (await access.FindObstacleAsync(request, cancellationToken) is { } obstacle)
        {
            return obstacle;
        }

        var document = ClientMetadataValidator.Parse(request.Body);
        if (!document.Succeeded)
        {
            return new RegistrationOutcome.Refused(document.Error);
        }

        var secret = RegistrationTokens.New();
        var client = await validator.ValidateAsync(
            document.Value,
            client => client with { ClientId = RegistrationTokens.NewClientId(), Secrets = client.NeedsSecret ? [RegisteredClients.Keep(secret)] : [] },
            cancellationToken);
        if (!client.Succeeded)
        {
            return new RegistrationOutcome.Refused(client.Error);
        }

        var (now, token) = (clock.GetUtcNow(), RegistrationTokens.New());
        var registration = new NewRegistration(
            client.Value,
            RegistrationTokens.Hash(token),
            now,
            now + options.Value.Registration.UnusedClientLifetime,
            request.Token is null ? null : RegistrationTokens.Hash(request.Token));
        if (!await registrations.TryAddAsync(registration, cancellationToken))
        {
            // Used up or revoked while we looked at the rest.
            return InitialAccess.Refuse();
        }

        await clients.TellAsync(AuditEventTypes.ClientRegistered, client.Value, request.RemoteAddress, cancellationToken);
        return new RegistrationOutcome.Told(
            clients.Describe(new RegisteredClient(client.Value, registration.TokenHash, now), token, client.Value.NeedsSecret ? secret : null), IsNew: true);
    }
}

/// <summary>A request to register a client, or to read, change or delete one.</summary>
/// <param name="Body">JSON, at most 64 kB; empty where there is none.</param>
/// <param name="Token">The bearer token of the <c>Authorization</c> header; null without one.</param>
/// <param name="RemoteAddress">For limits and the audit trail.</param>
public sealed record RegistrationRequest(ReadOnlyMemory<byte> Body, string? Token, string? RemoteAddress);
