using System.Diagnostics.CodeAnalysis;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Server.Endpoints;

/// <summary>Parameters of one request, or the status and error it is refused with before any rule looks at it.</summary>
internal sealed class RequestReading
{
    private RequestReading(RequestParameters? parameters, OAuthError? error, int status)
    {
        Parameters = parameters;
        Error = error;
        Status = status;
    }

    [MemberNotNullWhen(true, nameof(Parameters))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public RequestParameters? Parameters { get; }

    public OAuthError? Error { get; }

    /// <summary>Status of the refusal: 400, 413 or 415.</summary>
    public int Status { get; }

    public static RequestReading Of(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(RequestParameters.Parse(pairs), error: null, StatusCodes.Status200OK);

    public static RequestReading Refused(int status, string description, string? detail = null) =>
        new(parameters: null, OAuthError.InvalidRequest(description, detail), status);
}
