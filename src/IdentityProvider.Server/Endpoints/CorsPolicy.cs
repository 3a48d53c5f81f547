namespace IdentityProvider.Server.Endpoints;

/// <summary>Which pages of other origins may read a response.</summary>
internal enum CorsPolicy
{
    /// <summary>None.</summary>
    SameOrigin,

    /// <summary>Any, without credentials: what the response says is public.</summary>
    Anyone,

    /// <summary>Origins of the redirect URIs of public clients, without credentials: single-page apps call with tokens, not with cookies.</summary>
    PublicClients,
}
