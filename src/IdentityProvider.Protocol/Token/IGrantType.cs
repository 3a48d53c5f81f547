using IdentityProvider.Protocol.Primitives;

namespace IdentityProvider.Protocol.Token;

/// <summary>One value of <c>grant_type</c>. What is registered is dispatched, allowed per client, and named in the metadata.</summary>
public interface IGrantType
{
    /// <summary>The value.</summary>
    string Name { get; }

    /// <summary>Errors of RFC 6749 §5.2 and RFC 8707 §2.2 come back as values; the client is authenticated and may use this grant type.</summary>
    Task<Result<TokenResponse>> HandleAsync(TokenRequest request, CancellationToken cancellationToken);
}
