namespace IdentityProvider.Server.Endpoints;

/// <summary>Which pages of other origins may read a response.</summary>
internal enum CorsPolicy
{
    /// <summary>None.</summary>
    SameOrigin,

    /// <summary>Any, without credentials: what the response says is public.</summary>
    Anyone,
}
