using System.Text;
using System.Text.Json;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Protocol.Tokens;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Protocol.Authorization;

/// <summary>
/// Authorization requests that come as a JWT of the client, by value (<c>request</c>) or from a registered address (<c>request_uri</c>):
/// RFC 9101, OIDC Core §6. What comes out has the form of an ordinary request; nothing beside the object is used (RFC 9101 §6.3).
/// </summary>
public sealed class RequestObjectReader(
    ClientKeys keys, IClientDocumentFetcher fetcher, TimeProvider clock, IOptions<ProtocolOptions> options)
{
    /// <summary>Claims of the object that are no parameters of the request: RFC 7519 §4.1.</summary>
    private static readonly string[] TokenClaims =
        [ClaimNames.Issuer, ClaimNames.Audience, ClaimNames.Expiry, ClaimNames.NotBefore, ClaimNames.IssuedAt, ClaimNames.JwtId, ClaimNames.Subject];

    /// <summary>Algorithms a client may sign with; the metadata names them. <c>none</c> is not among them (RFC 9101 §4, §10.1).</summary>
    public static IReadOnlyList<SigningAlgorithm> Algorithms => SigningAlgorithm.All;

    /// <summary>Whether the request refers to an object.</summary>
    public static bool IsUsed(RequestParameters sent)
    {
        ArgumentNullException.ThrowIfNull(sent);
        return sent.Has(ParameterNames.Request) || sent.Has(ParameterNames.RequestUri);
    }

    /// <summary>
    /// The object's parameters, or <c>invalid_request</c>, <c>invalid_request_uri</c>, <c>invalid_request_object</c> (RFC 9101 §7).
    /// </summary>
    /// <param name="client">The client of the parameter <c>client_id</c>, which stands beside the object (§5).</param>
    /// <param name="sent">The parameters beside the object.</param>
    /// <param name="cancellationToken">Cancels a fetch.</param>
    public async Task<Result<RequestParameters>> ReadAsync(Client client, RequestParameters sent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(sent);
        if (sent.Duplicate is { } doubled)
        {
            return OAuthError.InvalidRequest("A parameter was sent more than once.", "doubled " + doubled);
        }

        // §5: "request and request_uri ... MUST NOT be used together".
        if (sent.Has(ParameterNames.Request) && sent.Has(ParameterNames.RequestUri))
        {
            return OAuthError.InvalidRequest("request and request_uri must not be used together.");
        }

        var token = sent[ParameterNames.Request];
        if (token is null)
        {
            var fetched = await FetchAsync(client, sent[ParameterNames.RequestUri]!, cancellationToken);
            if (!fetched.Succeeded)
            {
                return fetched.Error;
            }

            token = fetched.Value;
        }

        var read = await keys.ReadAsync(client, token, RulesOf(client), cancellationToken);
        if (!read.Succeeded)
        {
            return Invalid(client, read.Reason);
        }

        return FindProblem(client, read.Jwt, sent) is { } problem ? Invalid(client, problem) : Convert(client, read.Jwt.Payload);
    }

    /// <summary>§5.2: only what the client registered, so that nobody can send us anywhere (§10.4.1).</summary>
    private async Task<Result<string>> FetchAsync(Client client, string address, CancellationToken cancellationToken)
    {
        if (!RequestUris.Allows(client, address))
        {
            return new OAuthError(
                ErrorCodes.InvalidRequestUri,
                "The request_uri is not registered for the client.",
                $"client {client.ClientId} sent request_uri {address}; registered are {string.Join(' ', client.RequestUris.Concat(client.RequestUriPrefixes))}");
        }

        var document = await fetcher.FetchAsync(address, cancellationToken);
        return document switch
        {
            null => new OAuthError(
                ErrorCodes.InvalidRequestUri,
                "Nothing could be fetched from the request_uri.",
                $"client {client.ClientId}: nothing could be fetched from {address}"),
            _ when !RequestUris.HashFits(client, address, document) => new OAuthError(
                ErrorCodes.InvalidRequestUri,
                "What stands at the request_uri is not what its fragment is the hash of.",
                $"client {client.ClientId}: the fragment of {address} is not the SHA-256 of the {document.Length} bytes fetched from it"),
            _ => Encoding.ASCII.GetString(document).Trim(),
        };
    }

    /// <summary>
    /// §10.8: explicit typing keeps request objects and other JWTs of the client apart. OIDC Core §6 knew no <c>typ</c>, so <c>JWT</c> and none
    /// are taken too; then <see cref="FindProblem"/> keeps assertions out.
    /// </summary>
    private static JwtReadRules RulesOf(Client client) =>
        new(SigningAlgorithm.Find(client.RequestObjectSigningAlg) is { } registered ? [registered] : Algorithms, [TokenTypes.RequestObject, "JWT"])
        {
            AllowsMissingType = true,
        };

    private string? FindProblem(Client client, Jwt jwt, RequestParameters sent)
    {
        // §4: signed objects SHOULD have iss and aud. When they are there they count.
        var rules = new JwtClaimRules
        {
            Issuer = jwt.Has(ClaimNames.Issuer) ? client.ClientId : null,
            Audiences = jwt.Has(ClaimNames.Audience) ? [options.Value.Issuer] : [],
            RequiresExpiry = false,
            ClockSkew = options.Value.Tokens.ClockSkew,
        };
        if (rules.FindProblem(jwt, clock.GetUtcNow()) is { } problem)
        {
            return problem;
        }

        // §10.8: a client assertion has its client as sub, a request object must not.
        if (string.Equals(jwt.Subject, client.ClientId, StringComparison.Ordinal))
        {
            return "sub is the client: that is a client assertion, or could be used as one";
        }

        // §4: "request and request_uri parameters MUST NOT be included in Request Objects."
        if (jwt.Has(ParameterNames.Request) || jwt.Has(ParameterNames.RequestUri))
        {
            return "the object refers to another one";
        }

        // §5 and OIDC Core §6.1: what stands in both places must be the same there. Whatever else stands beside the object is not looked at.
        if (!string.Equals(jwt.GetString(ParameterNames.ClientId), client.ClientId, StringComparison.Ordinal))
        {
            return "client_id is missing or not that of the parameter";
        }

        return sent[ParameterNames.ResponseType] is { } responseType
            && !string.Equals(jwt.GetString(ParameterNames.ResponseType), responseType, StringComparison.Ordinal)
                ? "response_type is missing or not that of the parameter"
                : null;
    }

    /// <summary>Members → parameters: text as it is, numbers and objects (<c>max_age</c>, <c>claims</c>) as JSON (OIDC Core §6.1).</summary>
    private static Result<RequestParameters> Convert(Client client, JsonElement payload)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var member in payload.EnumerateObject().Where(member => !TokenClaims.Contains(member.Name, StringComparer.Ordinal)))
        {
            switch (member.Value.ValueKind)
            {
                case JsonValueKind.String:
                    pairs.Add(new(member.Name, member.Value.GetString()!));
                    break;
                case JsonValueKind.Array when member.Name is ParameterNames.Resource && ClaimValues.ReadStrings(member.Value) is { } resources:
                    pairs.AddRange(resources.Select(resource => KeyValuePair.Create(member.Name, resource)));
                    break;
                case JsonValueKind.Array:
                    return Invalid(client, "a list that is no list of resources");
                case JsonValueKind.Null:
                    break;
                default:
                    pairs.Add(new(member.Name, member.Value.GetRawText()));
                    break;
            }
        }

        return RequestParameters.Parse(pairs);
    }

    private static OAuthError Invalid(Client client, string problem) =>
        new(ErrorCodes.InvalidRequestObject, "The request object is invalid.", $"client {client.ClientId}: {problem}");
}
