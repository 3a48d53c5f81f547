using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Clients;

/// <summary>What a back-channel request brought to prove who the client is: RFC 6749 §2.3, RFC 7521 §4.2.</summary>
public sealed record ClientCredentials
{
    /// <summary>Value of the <c>Authorization</c> header as received; null when there was none.</summary>
    public string? AuthorizationHeader { get; init; }

    /// <summary>Where the request came from; null when unknown.</summary>
    public string? RemoteAddress { get; init; }

    /// <summary>Parameters of the body: <c>client_id</c>, <c>client_secret</c>, <c>client_assertion</c>, <c>client_assertion_type</c> and the request's own.</summary>
    public required RequestParameters Parameters { get; init; }
}
