using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Clients;

/// <summary><c>private_key_jwt</c>: RFC 7521 §4.2, RFC 7523 §3, OIDC Core §9.</summary>
public sealed class AssertionAuthentication(
    ICatalogStore catalog, CatalogCatchUp catchUp, ClientKeys keys, IUsedJtiStore usedJtis, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    public const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private const int MaxJtiLength = 255;

    /// <summary>Bounds how long a used <c>jti</c> has to be kept.</summary>
    private static readonly TimeSpan MaximumLifetime = TimeSpan.FromHours(1);

    /// <summary>Algorithms a client may sign with; the metadata names them.</summary>
    public static IReadOnlyList<SigningAlgorithm> Algorithms => SigningAlgorithm.All;

    internal async Task<Result<Client>> AuthenticateAsync(RequestParameters parameters, CancellationToken cancellationToken)
    {
        if (!string.Equals(parameters[ParameterNames.ClientAssertionType], AssertionType, StringComparison.Ordinal)
            || parameters[ParameterNames.ClientAssertion] is not { } assertion)
        {
            return OAuthError.InvalidRequest("client_assertion and client_assertion_type belong together, with the type of RFC 7523.");
        }

        // Only to find the client and its keys; nothing is believed before the signature is verified.
        if (JwtPeek.Find(assertion)?.UnverifiedSubject is not { } clientId)
        {
            return OAuthError.InvalidClient("the assertion is not a JWT with a sub");
        }

        if (parameters[ParameterNames.ClientId] is { } sent && !string.Equals(sent, clientId, StringComparison.Ordinal))
        {
            return OAuthError.InvalidClient("client_id differs from the assertion's sub (RFC 7521 §4.2)");
        }

        await catchUp.EnsureAsync(clientId, cancellationToken);
        if (catalog.Current.FindClient(clientId) is not { } client)
        {
            return OAuthError.InvalidClient("unknown or disabled client " + clientId);
        }

        if (!string.Equals(client.TokenEndpointAuthMethod, ClientAuthenticationMethods.PrivateKeyJwt, StringComparison.Ordinal))
        {
            return OAuthError.InvalidClient($"client {clientId} used private_key_jwt; it is registered for {client.TokenEndpointAuthMethod}");
        }

        var read = await keys.ReadAsync(client, assertion, RulesOf(client), cancellationToken);
        if (!read.Succeeded)
        {
            return OAuthError.InvalidClient($"client {clientId}: {read.Reason}");
        }

        return await CheckAsync(client, read.Jwt, cancellationToken) is { } problem
            ? OAuthError.InvalidClient($"client {clientId}: {problem}")
            : client;
    }

    private static JwtReadRules RulesOf(Client client) =>
        new(
            SigningAlgorithm.Find(client.TokenEndpointAuthSigningAlg) is { } registered ? [registered] : Algorithms,
            ["JWT", "client-authentication+jwt"])
        {
            AllowsMissingType = true,
        };

    /// <summary>RFC 7523 §3; null when all holds and this caller is the first to use the assertion.</summary>
    private async Task<string?> CheckAsync(Client client, Jwt jwt, CancellationToken cancellationToken)
    {
        var settings = options.Value;
        var rules = new JwtClaimRules
        {
            Issuer = client.ClientId,
            Subject = client.ClientId,
            Audiences = [settings.Issuer, settings.AddressOf(EndpointPaths.Token)],
            RequiresSoleAudience = true,
            RequiresId = true,
            MaximumLifetime = MaximumLifetime,
            ClockSkew = settings.Tokens.ClockSkew,
        };
        if (rules.FindProblem(jwt, clock.GetUtcNow()) is { } problem)
        {
            return problem;
        }

        if (jwt.Id!.Length > MaxJtiLength)
        {
            return "jti is longer than 255 characters";
        }

        // §3 item 7, kept for as long as the assertion could be accepted by any clock we allow.
        var keepUntil = jwt.ExpiresAt!.Value + (2 * settings.Tokens.ClockSkew);
        return await usedJtis.TryUseAsync("client_assertion " + client.ClientId, jwt.Id, keepUntil, cancellationToken)
            ? null
            : "the assertion was used before";
    }
}
