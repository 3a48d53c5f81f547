using System.Text.RegularExpressions;

namespace WebApp.Orders;

/// <summary>What an API asks of the sign-in behind an access token: RFC 9470 §3. The client sends it on to the identity provider (§4).</summary>
/// <param name="AcrValues">Space-separated; null when the API does not say.</param>
/// <param name="MaxAge">Seconds; null when the API does not say.</param>
internal sealed partial record StepUpChallenge(string? AcrValues, string? MaxAge)
{
    /// <summary>Null when the API refused for another reason.</summary>
    public static StepUpChallenge? Find(HttpResponseMessage response)
    {
        foreach (var header in response.Headers.WwwAuthenticate.Where(header => string.Equals(header.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)))
        {
            var parameters = Parameter().Matches(header.Parameter ?? "").ToLookup(
                match => match.Groups["name"].Value, match => match.Groups["value"].Value, StringComparer.OrdinalIgnoreCase);
            if (parameters["error"].FirstOrDefault() is "insufficient_user_authentication")
            {
                return new StepUpChallenge(parameters["acr_values"].FirstOrDefault(), parameters["max_age"].FirstOrDefault());
            }
        }

        return null;
    }

    [GeneratedRegex("(?<name>[a-z_]+)=(?:\"(?<value>[^\"]*)\"|(?<value>[^\",\\s]+))", RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, 1000)]
    private static partial Regex Parameter();
}
