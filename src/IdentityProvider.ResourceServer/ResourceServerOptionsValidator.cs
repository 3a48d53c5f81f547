using IdentityProvider.ResourceServer.Issuer;
using Microsoft.Extensions.Options;

namespace IdentityProvider.ResourceServer;

/// <summary>Tells every mistake in the options at once, before the first request.</summary>
internal sealed class ResourceServerOptionsValidator(string scheme) : IValidateOptions<ResourceServerOptions>
{
    public ValidateOptionsResult Validate(string? name, ResourceServerOptions options)
    {
        if (!string.Equals(name, scheme, StringComparison.Ordinal))
        {
            return ValidateOptionsResult.Skip;
        }

        var problems = Problems(options).Select(problem => $"Authentication scheme '{scheme}': {problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(ResourceServerOptions options)
    {
        if (!IssuerUri.IsAllowedIssuer(options.Authority))
        {
            yield return "Authority must be an absolute https URI without query or fragment "
                + "(http only on a loopback host), exactly as the issuer names itself.";
        }

        // The audience is also the realm of the challenge, a quoted string (RFC 9110 §5.6.4).
        if (string.IsNullOrWhiteSpace(options.Audience) || options.Audience.Any(c => c is < ' ' or > '~' or '"' or '\\'))
        {
            yield return "Audience must be the identifier of this API, in printable ASCII without quotes or backslashes.";
        }

        if (options.ClockSkew < TimeSpan.Zero || options.ClockSkew > TimeSpan.FromMinutes(5))
        {
            yield return "ClockSkew must be between zero and 5 minutes.";
        }

        if (options.UnknownKeyRefreshInterval < TimeSpan.FromSeconds(1))
        {
            yield return "UnknownKeyRefreshInterval must be at least one second.";
        }

        if (options.StaleKeyLifetime < TimeSpan.Zero)
        {
            yield return "StaleKeyLifetime must not be negative.";
        }

        if (options.IssuerTimeout <= TimeSpan.Zero || options.IssuerTimeout > TimeSpan.FromMinutes(1))
        {
            yield return "IssuerTimeout must be above zero and at most one minute.";
        }

        if (options.MaximumTokenLength < 1024
            || options.MaximumDocumentSize < 1024
            || options.MaximumStatusListSize is < 1024 or > 256 * 1024 * 1024)
        {
            yield return "MaximumTokenLength, MaximumDocumentSize and MaximumStatusListSize must be at least 1024, "
                + "and MaximumStatusListSize at most 256 MB.";
        }
    }
}
