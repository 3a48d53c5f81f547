namespace IdentityProvider.ResourceServer.Bearer;

/// <summary>
/// Why a request was not authenticated, on its way from <see cref="BearerHandler"/>'s authentication to its challenge.
/// An exception only because ASP.NET carries failures that way; it is never thrown.
/// </summary>
internal sealed class BearerFailure(int statusCode, string? error, string description) : Exception(description)
{
    public int StatusCode { get; } = statusCode;

    /// <summary>The code of RFC 6750 §3.1, or null when the issuer is out of reach and the client is not at fault.</summary>
    public string? Error { get; } = error;

    public static BearerFailure InvalidRequest(string description) => new(400, "invalid_request", description);

    public static BearerFailure InvalidToken { get; } =
        new(401, "invalid_token", "The access token is malformed, expired, withdrawn or not for this API.");

    public static BearerFailure IssuerUnavailable { get; } = new(503, null, "The issuer cannot be reached.");
}
