using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Clients;

/// <summary>
/// Client authentication: RFC 6749 §2.3 ("The client MUST NOT use more than one authentication method in each request"), and the one
/// method the client is registered for (RFC 7591 §2).
/// </summary>
public sealed class ClientAuthenticator(
    ICatalogStore catalog, CatalogCatchUp catchUp, SecretAuthentication secrets, AssertionAuthentication assertions)
{
    /// <summary>
    /// The client, or <c>invalid_request</c> (several methods, contradictory ids) or <c>invalid_client</c>, whose text is the same for
    /// unknown, disabled and wrongly authenticated clients.
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

        return basic is null
            ? AuthenticateByBody(parameters[ParameterNames.ClientId], secret)
            : AuthenticateByHeader(basic, parameters[ParameterNames.ClientId]);
    }

    private Result<Client> AuthenticateByHeader(BasicCredentials basic, string? bodyClientId)
    {
        if (bodyClientId is not null && !string.Equals(bodyClientId, basic.ClientId, StringComparison.Ordinal))
        {
            return OAuthError.InvalidRequest("client_id differs from the client of the Authorization header.");
        }

        return secrets.Authenticate(
            catalog.Current.FindClient(basic.ClientId), basic.ClientId, basic.Secret, ClientAuthenticationMethods.ClientSecretBasic);
    }

    private Result<Client> AuthenticateByBody(string? clientId, string? secret)
    {
        if (clientId is null)
        {
            return OAuthError.InvalidClient("no client authentication and no client_id");
        }

        var client = catalog.Current.FindClient(clientId);
        if (secret is not null)
        {
            return secrets.Authenticate(client, clientId, secret, ClientAuthenticationMethods.ClientSecretPost);
        }

        // A public client identifies itself only: RFC 6749 §3.2.1.
        return client is { IsPublic: true }
            ? client
            : OAuthError.InvalidClient(client is null ? "unknown client " + clientId : "client " + clientId + " sent no credentials");
    }
}
