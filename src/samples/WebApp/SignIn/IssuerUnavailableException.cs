namespace WebApp.SignIn;

/// <summary>The identity provider does not answer, or not as itself. The problem page tells what to do.</summary>
internal sealed class IssuerUnavailableException(string issuer, Exception? inner = null)
    : Exception($"The identity provider at {issuer} does not answer as one.", inner)
{
    /// <summary>The framework wraps what goes wrong while it handles the answer.</summary>
    public static IssuerUnavailableException? In(Exception? exception) =>
        exception as IssuerUnavailableException ?? exception?.InnerException as IssuerUnavailableException;
}
