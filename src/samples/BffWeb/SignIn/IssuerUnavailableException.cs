namespace BffWeb.SignIn;

/// <summary>The identity provider does not answer, or not as itself.</summary>
internal sealed class IssuerUnavailableException(string issuer, Exception? inner = null)
    : Exception($"The identity provider at {issuer} does not answer as one.", inner);
