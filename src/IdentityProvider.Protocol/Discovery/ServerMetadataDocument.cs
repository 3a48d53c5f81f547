using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using IdentityProvider.Protocol.Authorization;
using IdentityProvider.Protocol.Catalog;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Keys;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Protocol.Subjects;
using IdentityProvider.Protocol.Token;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Discovery;

/// <summary>
/// <see cref="ServerMetadata"/> from what is registered, as bytes. They are made once and again only when the catalogue or the algorithms of
/// the key ring changed.
/// </summary>
public sealed class ServerMetadataDocument(
    ICatalogStore catalog, IEnumerable<IGrantType> grantTypes, ISigningKeys keys, IOptions<ProtocolOptions> options)
{
    private static readonly string[] Confidential =
        [ClientAuthenticationMethods.ClientSecretBasic, ClientAuthenticationMethods.ClientSecretPost, ClientAuthenticationMethods.PrivateKeyJwt];

    private static readonly string[] ProtocolClaims =
    [
        ClaimNames.Subject, ClaimNames.Issuer, ClaimNames.Audience, ClaimNames.Expiry, ClaimNames.IssuedAt, ClaimNames.AuthTime,
        ClaimNames.Nonce, ClaimNames.Acr, ClaimNames.Amr, ClaimNames.AtHash, ClaimNames.SessionId,
    ];

    private readonly string[] _grantTypes = [.. grantTypes.Select(grantType => grantType.Name)];

    private Cached? _cached;

    /// <summary>The present document. The same instance until something in it changes.</summary>
    public PublishedMetadata Current
    {
        get
        {
            var snapshot = catalog.Current;
            var algorithms = keys.Algorithms;
            var cached = _cached;
            if (cached is null || cached.CatalogVersion != snapshot.Version || !cached.Algorithms.SequenceEqual(algorithms))
            {
                var bytes = JsonSerializer.SerializeToUtf8Bytes(Build(snapshot), ServerMetadataJson.Default.ServerMetadata);
                var etag = $"\"{Base64Url.EncodeToString(SHA256.HashData(bytes).AsSpan(0, 16))}\"";
                cached = new Cached(snapshot.Version, [.. algorithms], new PublishedMetadata(bytes, etag));
                _cached = cached;
            }

            return cached.Published;
        }
    }

    /// <summary>The members for a snapshot of the catalogue.</summary>
    public ServerMetadata Build(CatalogSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var settings = options.Value;
        string[] assertionAlgorithms = [.. AssertionAuthentication.Algorithms.Select(algorithm => algorithm.Name)];
        string[] withPublic = [.. Confidential, ClientAuthenticationMethods.None];
        var scopes = snapshot.Scopes.Where(scope => scope is { Enabled: true, ShowInMetadata: true }).OrderBy(scope => scope.Name, StringComparer.Ordinal);
        return new ServerMetadata
        {
            Issuer = settings.Issuer,
            AuthorizationEndpoint = settings.AddressOf(EndpointPaths.Authorize),
            TokenEndpoint = settings.AddressOf(EndpointPaths.Token),
            DeviceAuthorizationEndpoint = settings.AddressOf(EndpointPaths.DeviceAuthorization),
            UserInfoEndpoint = settings.AddressOf(EndpointPaths.UserInfo),
            JwksUri = settings.AddressOf(EndpointPaths.Jwks),
            EndSessionEndpoint = settings.AddressOf(EndpointPaths.EndSession),
            CheckSessionIframe = settings.AddressOf(EndpointPaths.CheckSession),
            BackchannelLogoutSupported = true,
            BackchannelLogoutSessionSupported = true,
            FrontchannelLogoutSupported = true,
            FrontchannelLogoutSessionSupported = true,
            RegistrationEndpoint = settings.Registration.Mode is ClientRegistrationMode.Off ? null : settings.AddressOf(EndpointPaths.ClientRegistration),
            IntrospectionEndpoint = settings.AddressOf(EndpointPaths.Introspect),
            RevocationEndpoint = settings.AddressOf(EndpointPaths.Revoke),
            ScopesSupported = [.. scopes.Select(scope => scope.Name)],
            ResponseTypesSupported = ["code"],
            ResponseModesSupported = ResponseModes.Supported,
            GrantTypesSupported = _grantTypes,
            SubjectTypesSupported = SubjectTypes.Supported,
            AcrValuesSupported = AcrValues.SupportedBy(settings.SignIn),
            IdTokenSigningAlgValuesSupported = [.. keys.Algorithms.Select(algorithm => algorithm.Name)],
            TokenEndpointAuthMethodsSupported = withPublic,
            TokenEndpointAuthSigningAlgValuesSupported = assertionAlgorithms,
            IntrospectionEndpointAuthMethodsSupported = Confidential,
            IntrospectionEndpointAuthSigningAlgValuesSupported = assertionAlgorithms,
            RevocationEndpointAuthMethodsSupported = withPublic,
            RevocationEndpointAuthSigningAlgValuesSupported = assertionAlgorithms,
            CodeChallengeMethodsSupported = [Pkce.S256],
            AuthorizationResponseIssParameterSupported = true,
            DisplayValuesSupported = ["page"],
            PromptValuesSupported = PromptValues.Supported,
            ClaimTypesSupported = ["normal"],
            ClaimsSupported = ClaimsOf(snapshot),
            ClaimsParameterSupported = true,
            UserInfoSigningAlgValuesSupported = [.. keys.Algorithms.Select(algorithm => algorithm.Name)],
            RequestParameterSupported = true,
            RequestUriParameterSupported = true,
            RequireRequestUriRegistration = true,
            RequestObjectSigningAlgValuesSupported = [.. RequestObjectReader.Algorithms.Select(algorithm => algorithm.Name)],
            UiLocalesSupported = options.Value.UiLocales,
        };
    }

    private static IReadOnlyList<string> ClaimsOf(CatalogSnapshot snapshot) =>
    [
        .. ProtocolClaims,
        .. snapshot.Scopes
            .Where(scope => scope.Enabled)
            .SelectMany(scope => scope.Claims)
            .Except(ProtocolClaims, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal),
    ];

    private sealed record Cached(long CatalogVersion, SigningAlgorithm[] Algorithms, PublishedMetadata Published);
}

/// <summary>The metadata ready to send: UTF-8 JSON and a strong entity tag in its quotation marks, the same on every node.</summary>
public sealed record PublishedMetadata(ReadOnlyMemory<byte> Body, string ETag);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServerMetadata))]
internal sealed partial class ServerMetadataJson : JsonSerializerContext;
