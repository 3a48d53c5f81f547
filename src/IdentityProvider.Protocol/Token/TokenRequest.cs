using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Token;

/// <summary>A token request of an authenticated client: RFC 6749 §4.1.3, §4.4.2, §6, RFC 8628 §3.4.</summary>
public sealed record TokenRequest(Client Client, RequestParameters Parameters)
{
    public string? Code => Parameters[ParameterNames.Code];

    public string? CodeVerifier => Parameters[ParameterNames.CodeVerifier];

    public string? DeviceCode => Parameters[ParameterNames.DeviceCode];

    public string? RedirectUri => Parameters[ParameterNames.RedirectUri];

    public string? RefreshToken => Parameters[ParameterNames.RefreshToken];

    public string? Scope => Parameters[ParameterNames.Scope];

    /// <summary>RFC 8707 §2.2.</summary>
    public IReadOnlyList<string> Resources => Parameters.Resources;
}
