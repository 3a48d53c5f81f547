using System.Collections.Frozen;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Registration;

namespace IdentityProvider.Protocol.Token;

/// <summary>What holds for every grant type: RFC 6749 §3.2 and §5.2.</summary>
public sealed class TokenRequestHandler(ClientAuthenticator authenticator, IEnumerable<IGrantType> grantTypes, FirstUse firstUse)
{
    private readonly FrozenDictionary<string, IGrantType> _grantTypes =
        grantTypes.ToFrozenDictionary(grantType => grantType.Name, StringComparer.Ordinal);

    public async Task<Result<TokenResponse>> HandleAsync(ClientCredentials credentials, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var parameters = credentials.Parameters;
        if (parameters.Duplicate is { } doubled)
        {
            return OAuthError.InvalidRequest("A parameter was sent more than once.", "doubled " + doubled);
        }

        if (parameters[ParameterNames.GrantType] is not { } name)
        {
            return OAuthError.InvalidRequest("grant_type is missing.");
        }

        var client = await authenticator.AuthenticateAsync(credentials, cancellationToken);
        if (!client.Succeeded)
        {
            return client.Error;
        }

        if (!_grantTypes.TryGetValue(name, out var grantType))
        {
            return new OAuthError(ErrorCodes.UnsupportedGrantType, "The grant type is not supported.", "grant_type " + name);
        }

        if (!client.Value.Allows(name))
        {
            return OAuthError.UnauthorizedClient($"client {client.Value.ClientId} is not registered for {name}");
        }

        var response = await grantType.HandleAsync(new TokenRequest(client.Value, parameters), cancellationToken);
        if (response.Succeeded)
        {
            await firstUse.NoteAsync(client.Value, cancellationToken);
        }

        return response;
    }
}
