using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts.Upstream;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Primitives;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Upstream;

/// <summary>To a provider and back: authorization request and response of OIDC Core §3.1.2, as its client.</summary>
internal sealed class UpstreamRoundTrip(
    UpstreamProviders providers, UpstreamDocuments documents, UpstreamClient client, UpstreamTickets tickets, IOptions<ProtocolOptions> options)
{
    /// <summary>Begins one.</summary>
    /// <param name="context">The request; its answer gets a cookie.</param>
    /// <param name="provider">In use.</param>
    /// <param name="ticket">For what.</param>
    /// <param name="loginHint">Who it probably is; null when nobody said.</param>
    /// <returns>Where the browser is sent, or null while the provider cannot be reached.</returns>
    public async Task<string?> BeginAsync(HttpContext context, UpstreamProvider provider, UpstreamTicket ticket, string? loginHint)
    {
        if (await documents.FindMetadataAsync(provider, context.RequestAborted) is not { } metadata)
        {
            return null;
        }

        var (state, secrets) = tickets.Begin(context, ticket);
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [ParameterNames.ResponseType] = "code",
            [ParameterNames.ClientId] = provider.ClientId,
            [ParameterNames.RedirectUri] = RedirectUriOf(provider),
            [ParameterNames.Scope] = provider.Scope,
            [ParameterNames.State] = state,
            [ParameterNames.Nonce] = secrets.Nonce,
            [ParameterNames.CodeChallenge] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(secrets.CodeVerifier))),
            [ParameterNames.CodeChallengeMethod] = "S256",
            [ParameterNames.LoginHint] = loginHint,
        };
        if (ticket.IsFresh)
        {
            parameters[ParameterNames.Prompt] = provider.FreshPrompt;
            parameters[ParameterNames.MaxAge] =
                provider.ShowsFreshness ? IdTokenRules.FreshAge.TotalSeconds.ToString(CultureInfo.InvariantCulture) : null;
        }

        return QueryHelpers.AddQueryString(metadata.AuthorizationEndpoint.AbsoluteUri, parameters.Where(parameter => parameter.Value is not null));
    }

    /// <summary>What a browser brings back.</summary>
    /// <param name="context">The request at the provider's own redirect URI, which no other provider has (RFC 9700 §4.4.2).</param>
    /// <param name="provider">Whose redirect URI it is.</param>
    public async Task<UpstreamReturn> FinishAsync(HttpContext context, UpstreamProvider provider)
    {
        var query = context.Request.Query;
        if (await tickets.TakeAsync(context, provider.Id, One(query, ParameterNames.State)) is not { } taken)
        {
            return new UpstreamReturn.Unknown();
        }

        var (ticket, secrets) = taken;
        if (await documents.FindMetadataAsync(provider, context.RequestAborted) is not { } metadata)
        {
            return new UpstreamReturn.Failed(ticket, "no metadata");
        }

        // RFC 9207 §2.4, for errors, too.
        var mayBeMissing = !metadata.SendsIssuer && query[ClaimNames.Issuer].Count == 0;
        if (!mayBeMissing && !string.Equals(One(query, ClaimNames.Issuer), provider.Issuer, StringComparison.Ordinal))
        {
            return new UpstreamReturn.Failed(ticket, "iss is missing or not of the provider that was asked");
        }

        if (One(query, ParameterNames.Error) is { } error)
        {
            return error is ErrorCodes.AccessDenied ? new UpstreamReturn.Denied(ticket) : new UpstreamReturn.Failed(ticket, "error " + error);
        }

        if (One(query, ParameterNames.Code) is not { } code)
        {
            return new UpstreamReturn.Failed(ticket, "neither code nor error");
        }

        var grant = new UpstreamGrant(code, RedirectUriOf(provider), secrets, ticket.IsFresh);
        var answer = await client.RedeemAsync(provider, metadata, grant, context.RequestAborted);
        return answer.Identity is { } identity ? new UpstreamReturn.Proved(ticket, identity) : new UpstreamReturn.Failed(ticket, answer.Problem!);
    }

    /// <summary>An enabled provider of that id, or null.</summary>
    public UpstreamProvider? Find(string? id) => providers.Find(id);

    private string RedirectUriOf(UpstreamProvider provider) => options.Value.AddressOf($"{EndpointPaths.Upstream}/{provider.Id}/callback");

    /// <summary>A parameter that was sent once; null otherwise (RFC 6749 §3.1).</summary>
    private static string? One(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } value] ? value : null;
}

/// <summary>What came back.</summary>
internal abstract record UpstreamReturn
{
    private UpstreamReturn()
    {
    }

    /// <summary>Nothing that this browser has begun, or it was answered already.</summary>
    public sealed record Unknown : UpstreamReturn;

    /// <summary>The person did not want to, or the provider did not let them.</summary>
    public sealed record Denied(UpstreamTicket Ticket) : UpstreamReturn;

    /// <param name="Ticket">What had begun.</param>
    /// <param name="Reason">For our log.</param>
    public sealed record Failed(UpstreamTicket Ticket, string Reason) : UpstreamReturn;

    public sealed record Proved(UpstreamTicket Ticket, UpstreamIdentity Identity) : UpstreamReturn;
}
