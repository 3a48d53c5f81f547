using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// Client authentication: RFC 6749 §2.3 ("The client MUST NOT use more than one authentication method in each request"), and the one
/// method the client is registered for (RFC 7591 §2).
/// </summary>
public sealed class ClientAuthenticator(
    ICatalogStore catalog,
    CatalogCatchUp catchUp,
    SecretAuthentication secrets,
    AssertionAuthentication assertions,
    ClientAuthenticationLimits limits)
{
    /// <summary>
    /// The client, or <c>invalid_request</c> (several methods, contradictory ids) or <c>invalid_client</c>, whose text is the same for
    /// unknown, disabled and wrongly authenticated clients; with a time to come back once that happened too often.
    /// </summary>
    public async Task<Result<Client>> AuthenticateAsync(ClientCredentials credentials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var parameters = credentials.Parameters;
        if (parameters.Duplicate is { } doubled)
        {
            return OAuthError.InvalidRequest("A parameter was sent more than once.", "doubled " + doubled);
        }

        BasicCredentials? basic = null;
        if (credentials.AuthorizationHeader is { } header && !BasicCredentials.TryParse(header, out basic))
        {
            return OAuthError.InvalidClient("the Authorization header is not well-formed Basic");
        }

        var secret = parameters[ParameterNames.ClientSecret];
        var hasAssertion = parameters.Has(ParameterNames.ClientAssertion) || parameters.Has(ParameterNames.ClientAssertionType);
        if ((basic is null ? 0 : 1) + (secret is null ? 0 : 1) + (hasAssertion ? 1 : 0) > 1)
        {
            return OAuthError.InvalidRequest("Use exactly one client authentication method.");
        }

        await catchUp.EnsureAsync(basic?.ClientId ?? parameters[ParameterNames.ClientId], cancellationToken);
        if (hasAssertion)
        {
            return await assertions.AuthenticateAsync(parameters, cancellationToken);
        }

        var clientId = parameters[ParameterNames.ClientId];
        if (basic is not null)
        {
            return clientId is not null && !string.Equals(clientId, basic.ClientId, StringComparison.Ordinal)
                ? OAuthError.InvalidRequest("client_id differs from the client of the Authorization header.")
                : await CompareAsync(
                    basic.ClientId, basic.Secret, ClientAuthenticationMethods.ClientSecretBasic, credentials.RemoteAddress, cancellationToken);
        }

        if (clientId is null)
        {
            return OAuthError.InvalidClient("no client authentication and no client_id");
        }

        return secret is null
            ? Identify(clientId)
            : await CompareAsync(clientId, secret, ClientAuthenticationMethods.ClientSecretPost, credentials.RemoteAddress, cancellationToken);
    }

    private async ValueTask<Result<Client>> CompareAsync(
        string clientId, string secret, string method, string? remoteAddress, CancellationToken cancellationToken)
    {
        if (limits.FindPause(clientId, remoteAddress) is { } pause)
        {
            return OAuthError.TooManyFailures(pause, $"too many wrong secrets for client {clientId} or from {remoteAddress}");
        }

        var result = secrets.Authenticate(catalog.Current.FindClient(clientId), clientId, secret, method);
        if (!result.Succeeded && await limits.CountAsync(clientId, remoteAddress, cancellationToken) is { } end)
        {
            return OAuthError.TooManyFailures(end, result.Error.Detail);
        }

        return result;
    }

    /// <summary>A public client identifies itself only: RFC 6749 §3.2.1.</summary>
    private Result<Client> Identify(string clientId)
    {
        var client = catalog.Current.FindClient(clientId);
        return client is { IsPublic: true }
            ? client
            : OAuthError.InvalidClient(client is null ? "unknown client " + clientId : "client " + clientId + " sent no credentials");
    }
}
