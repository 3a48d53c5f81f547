using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Token;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.DeviceAuthorization;

/// <summary>The device authorization endpoint: RFC 8628 §3.1 and §3.2, with <c>resource</c> of RFC 8707 §2.</summary>
public sealed class DeviceAuthorizationRequestHandler(
    ClientAuthenticator authenticator,
    ICatalogStore catalog,
    IDeviceAuthorizationStore devices,
    DeviceAuthorizationCodes codes,
    TimeProvider clock,
    IOptions<ProtocolOptions> options)
{
    /// <summary>Two waiting devices with one code happen once in 25 thousand millions, divided by those that wait; five in a row do not.</summary>
    private const int Tries = 5;

    /// <param name="credentials">Parameters and what proves the client, as at the token endpoint.</param>
    /// <param name="remoteAddress">Where the request came from; the person is told.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<Result<DeviceAuthorizationResponse>> HandleAsync(
        ClientCredentials credentials, string? remoteAddress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(credentials);
        var parameters = credentials.Parameters;
        if (parameters.Duplicate is { } doubled)
        {
            return OAuthError.InvalidRequest("A parameter was sent more than once.", "doubled " + doubled);
        }

        // §3.1: "The client authentication requirements of Section 3.2.1 of [RFC6749] apply to requests on this endpoint".
        var authenticated = await authenticator.AuthenticateAsync(credentials, cancellationToken);
        if (!authenticated.Succeeded)
        {
            return authenticated.Error;
        }

        var client = authenticated.Value;
        if (!client.Allows(GrantTypeNames.DeviceCode))
        {
            return OAuthError.UnauthorizedClient($"client {client.ClientId} is not registered for {GrantTypeNames.DeviceCode}");
        }

        var scope = ScopeRules.Read(catalog.Current, client, parameters[ParameterNames.Scope]);
        if (!scope.Succeeded)
        {
            return scope.Error;
        }

        return ResourceRules.FindProblem(catalog.Current, client, scope.Value, parameters.Resources) is { } problem
            ? problem
            : await BeginAsync(client, scope.Value, parameters, remoteAddress, cancellationToken);
    }

    private async Task<DeviceAuthorizationResponse> BeginAsync(
        Client client, ScopeSet scope, RequestParameters parameters, string? remoteAddress, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var settings = options.Value.DeviceAuthorization;
        var device = new WaitingDevice
        {
            Id = Guid.CreateVersion7(now),
            ClientId = client.ClientId,
            Scope = scope,
            Resources = [.. parameters.Resources.Distinct(StringComparer.Ordinal)],
            CreatedAt = now,
            ExpiresAt = now + settings.CodeLifetime,
            Interval = settings.PollingInterval,
            RemoteAddress = remoteAddress,
        };
        var userCode = await AddAsync(device, cancellationToken);
        var address = options.Value.AddressOf(EndpointPaths.Device);
        return new DeviceAuthorizationResponse
        {
            DeviceCode = codes.DeviceCodeOf(device.Id),
            UserCode = userCode.Display,
            VerificationUri = address,
            VerificationUriComplete = $"{address}?{ParameterNames.UserCode}={userCode.Display}",
            ExpiresIn = settings.CodeLifetime,
            Interval = settings.PollingInterval,
        };
    }

    private async Task<UserCode> AddAsync(WaitingDevice device, CancellationToken cancellationToken)
    {
        for (var i = 0; i < Tries; i++)
        {
            var code = UserCode.Create();
            if (await devices.TryAddAsync(device, codes.HashOf(code), cancellationToken))
            {
                return code;
            }
        }

        throw new InvalidOperationException("no free user code was found: the random numbers, or the table, are out of order");
    }
}
