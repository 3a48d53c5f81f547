using Microsoft.AspNetCore.Authorization;

namespace IdentityProvider.ResourceServer.Authorization;

/// <summary>
/// How, or how recently, the user must have signed in for this request (RFC 9470 §3). Else the answer is 401
/// <c>insufficient_user_authentication</c>, and the client sends the user to the issuer with these values.
/// </summary>
public sealed class UserAuthenticationRequirement : IAuthorizationRequirement
{
    /// <param name="maximumAge">Oldest sign-in accepted, in whole seconds; null for any age.</param>
    /// <param name="acrValues">Accepted values of <c>acr</c>, the preferred first; none for any.</param>
    /// <exception cref="ArgumentException">Neither is given, or a value cannot stand in a challenge.</exception>
    public UserAuthenticationRequirement(TimeSpan? maximumAge, params IReadOnlyCollection<string> acrValues)
    {
        ArgumentNullException.ThrowIfNull(acrValues);
        if (maximumAge < TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(maximumAge), "An age is zero or more.");
        }

        if ((maximumAge is null && acrValues.Count == 0) || !acrValues.All(TokenText.IsScopeToken))
        {
            throw new ArgumentException(
                "An age or acr values, each of printable ASCII without space, quote or backslash.", nameof(acrValues));
        }

        MaximumAge = maximumAge;
        AcrValues = acrValues;
    }

    public TimeSpan? MaximumAge { get; }

    public IReadOnlyCollection<string> AcrValues { get; }
}
