using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Jose;
using IdentityProvider.Protocol.Primitives;
using IdentityProvider.Server.Outbound;

namespace IdentityProvider.Server.Upstream;

/// <summary>Trades a code for what the provider says of the person: OIDC Core §3.1.3, §5.3.</summary>
internal sealed class UpstreamClient(OutboundHttp http, UpstreamDocuments documents, UpstreamAuthentication authentication, TimeProvider clock)
{
    /// <param name="provider">Whom we asked, and whose redirect URI was called.</param>
    /// <param name="metadata">Of the provider.</param>
    /// <param name="grant">What came back, and what goes with it.</param>
    /// <param name="cancellationToken">Cancels the exchange.</param>
    public async Task<UpstreamAnswer> RedeemAsync(
        UpstreamProvider provider, UpstreamMetadata metadata, UpstreamGrant grant, CancellationToken cancellationToken)
    {
        var tokens = await SendAsync(TokenRequest(provider, metadata, grant), cancellationToken);
        if (tokens.Problem is not null)
        {
            return new UpstreamAnswer(null, "token endpoint: " + tokens.Problem);
        }

        if (TextOf(tokens.Json, "id_token") is not { } idToken || TextOf(tokens.Json, "access_token") is not { } accessToken)
        {
            return new UpstreamAnswer(null, "token endpoint: no id_token or no access_token");
        }

        var read = await documents.ReadAsync(metadata, idToken, IdTokenRules.ReadRulesOf(provider), cancellationToken);
        if (!read.Succeeded)
        {
            return new UpstreamAnswer(null, "ID token: " + read.Reason);
        }

        var token = read.Jwt;
        if (IdTokenRules.FindProblem(token, provider, grant.Secrets.Nonce, accessToken, grant.IsFresh, clock.GetUtcNow()) is { } problem)
        {
            return new UpstreamAnswer(null, "ID token: " + problem);
        }

        List<JsonElement> sources = [token.Payload];
        if (provider.UseUserinfo)
        {
            var userinfo = await FetchUserInfoAsync(metadata, token.Subject!, accessToken, cancellationToken);
            if (userinfo.Problem is not null)
            {
                return new UpstreamAnswer(null, "userinfo: " + userinfo.Problem);
            }

            sources.Add(userinfo.Json);
        }

        return new UpstreamAnswer(UpstreamClaims.Read(provider, token.Subject!, token.GetString("acr"), sources), null);
    }

    private HttpRequestMessage TokenRequest(UpstreamProvider provider, UpstreamMetadata metadata, UpstreamGrant grant)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, metadata.TokenEndpoint);
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            [ParameterNames.GrantType] = GrantTypeNames.AuthorizationCode,
            [ParameterNames.Code] = grant.Code,
            [ParameterNames.RedirectUri] = grant.RedirectUri,
            [ParameterNames.CodeVerifier] = grant.Secrets.CodeVerifier,
        };
        authentication.Apply(provider, request, form);
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    private async Task<(JsonElement Json, string? Problem)> FetchUserInfoAsync(
        UpstreamMetadata metadata, string subject, string accessToken, CancellationToken cancellationToken)
    {
        if (metadata.UserInfoEndpoint is not { } endpoint)
        {
            return (default, "there is no such endpoint");
        }

        var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var answer = await SendAsync(request, cancellationToken);

        // OIDC Core §5.3.2: without the same sub, the answer must not be used.
        return answer.Problem is null && !string.Equals(TextOf(answer.Json, "sub"), subject, StringComparison.Ordinal)
            ? (default, "sub is not the ID token's")
            : answer;
    }

    /// <summary>The JSON of a 200, or why there is none.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "the request is disposed of here")]
    private async Task<(JsonElement Json, string? Problem)> SendAsync(HttpRequestMessage message, CancellationToken cancellationToken)
    {
        using var request = message;
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            if (!StrictJson.TryParseObject(body, out var json, out var reason))
            {
                return (default, $"{(int)response.StatusCode}, {reason}");
            }

            return response.StatusCode == HttpStatusCode.OK ? (json, null) : (default, $"{(int)response.StatusCode} {TextOf(json, "error")}");
        }
        catch (Exception exception) when (OutboundHttp.IsOutage(exception, cancellationToken))
        {
            return (default, exception is OperationCanceledException ? "no answer in time" : exception.Message);
        }
    }

    private static string? TextOf(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>What is traded.</summary>
internal sealed record UpstreamGrant(string Code, string RedirectUri, UpstreamSecrets Secrets, bool IsFresh);

/// <summary>Exactly one of the two: the person, or why not, for our log.</summary>
internal sealed record UpstreamAnswer(UpstreamIdentity? Identity, string? Problem);
