using System.Security.Cryptography;
using System.Text.RegularExpressions;
using IdentityProvider.Protocol.Clients;
using IdentityProvider.Protocol.Jose;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>
/// An OpenID Provider whose word we take on who somebody is. We are its client: register the redirect URI
/// <c>{issuer}/signin/upstream/{id}/callback</c> there. Merged by <c>id</c>.
/// </summary>
public sealed partial class UpstreamProvider
{
    /// <summary>Names it in addresses and in the database: small letters, digits and hyphens, at most 32. Links hang on it; do not rename it.</summary>
    public string Id { get; set; } = string.Empty;

    /// <summary>Whether it is used. Default true; false refuses it everywhere and keeps what is linked.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What people know it by: "Continue with …".</summary>
    public string DisplayName { get; set; } = string.Empty;

    /// <summary>One or two characters on the button. Default: the first letter of the name.</summary>
    public string? IconText { get; set; }

    /// <summary>Its issuer identifier, character by character as in its metadata (OIDC Discovery §4.3).</summary>
    public string Issuer { get; set; } = string.Empty;

    /// <summary>Our <c>client_id</c> there.</summary>
    public string ClientId { get; set; } = string.Empty;

    /// <summary>Our secret there. Better in an environment variable: <c>IdentityProvider__Upstream__{id}__client_secret</c>.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// How we authenticate there: <c>client_secret_basic</c> (default), <c>client_secret_post</c>, <c>private_key_jwt</c> or <c>none</c>.
    /// </summary>
    public string TokenEndpointAuthMethod { get; set; } = ClientAuthenticationMethods.ClientSecretBasic;

    /// <summary>For <c>private_key_jwt</c>: PEM file of the private key (PKCS #8), from the data folder.</summary>
    public string? PrivateKeyFile { get; set; }

    /// <summary>For <c>private_key_jwt</c>: what the key signs with. Default <c>ES256</c>.</summary>
    public string PrivateKeyAlg { get; set; } = SigningAlgorithm.ES256.Name;

    /// <summary>For <c>private_key_jwt</c>: the <c>kid</c> it is registered under. Default the RFC 7638 thumbprint.</summary>
    public string? PrivateKeyId { get; set; }

    /// <summary>What is asked for. Default <c>openid profile email</c>; must have <c>openid</c>.</summary>
    public string Scope { get; set; } = "openid profile email";

    /// <summary>
    /// Algorithms its ID tokens may be signed with. Default <c>RS256</c>, as OIDC Registration §2 has it. <c>none</c> and the symmetric ones
    /// are never taken (RFC 8725 §3.1).
    /// </summary>
    public IReadOnlyList<string> IdTokenSigningAlgs { get; set; } = [SigningAlgorithm.RS256.Name];

    /// <summary>Whether claims are fetched from its userinfo endpoint, too. Default false: the ID token alone.</summary>
    public bool UseUserinfo { get; set; }

    /// <summary>
    /// Claims that a new account is given, of the profile claims of OIDC Core §5.1. The e-mail address is taken besides, when the provider says
    /// that it is verified. Default <c>name</c>, <c>given_name</c>, <c>family_name</c>, <c>locale</c>.
    /// </summary>
    public IReadOnlyList<string> Claims { get; set; } = ["name", "given_name", "family_name", "locale"];

    /// <summary>
    /// Whether somebody whom we do not know gets an account. Default false: only who has linked it on their account page comes in. Independent
    /// of <c>Accounts:registration</c>.
    /// </summary>
    public bool AllowRegistration { get; set; }

    /// <summary>Only people with a verified address in one of these domains come in, without their subdomains. Default all, with or without address.</summary>
    public IReadOnlyList<string> EmailDomains { get; set; } = [];

    /// <summary>
    /// <c>prompt</c> that is sent where a new proof is needed. Default <c>login</c>: it comes with <c>max_age</c>, and <c>auth_time</c> must show that
    /// it was heeded. Another value, such as <c>select_account</c>, is for providers that know neither; then the round trip counts as the proof.
    /// </summary>
    public string FreshPrompt { get; set; } = LoginPrompt;

    /// <summary>Its values of <c>acr</c> that stand for two factors. Default none: what it says is one factor, whatever it is.</summary>
    public IReadOnlyList<string> TwoFactorAcrValues { get; set; } = [];

    /// <summary>Its values of <c>acr</c> that stand for two factors, one of which no false site can get. Default none.</summary>
    public IReadOnlyList<string> PhishingResistantAcrValues { get; set; } = [];

    internal const string LoginPrompt = "login";

    /// <summary>Whether a new proof can be demanded and checked.</summary>
    public bool ShowsFreshness => string.Equals(FreshPrompt, LoginPrompt, StringComparison.Ordinal);

    /// <summary>The key of <c>private_key_jwt</c>.</summary>
    /// <exception cref="CryptographicException">It is no such key.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public SigningCredential ReadPrivateKey()
    {
        var pem = File.ReadAllText(PrivateKeyFile!);
        if (!PemEncoding.TryFind(pem, out var fields) || pem[fields.Label] is not "PRIVATE KEY")
        {
            throw new CryptographicException("The file holds no PRIVATE KEY in PEM.");
        }

        return SigningCredential.ImportPkcs8(SigningAlgorithm.Find(PrivateKeyAlg)!, Convert.FromBase64String(pem[fields.Base64Data]), PrivateKeyId);
    }

    /// <summary>Every problem, one line each; empty when all is well.</summary>
    /// <param name="allowsHttp">Whether addresses may be plain http: <c>Outbound:allow_private_addresses</c>.</param>
    public IEnumerable<string> Validate(bool allowsHttp)
    {
        var at = $"Upstream:{Id}";
        if (!IdPattern().IsMatch(Id))
        {
            yield return $"{at}:id must have 1 to 32 small letters, digits and hyphens.";
        }

        if (string.IsNullOrWhiteSpace(DisplayName) || DisplayName.Length > 50 || DisplayName.Any(char.IsControl))
        {
            yield return $"{at}:display_name must have 1 to 50 characters.";
        }

        if (IconText is { Length: 0 or > 2 })
        {
            yield return $"{at}:icon_text must have one or two characters.";
        }

        if (!IsIssuer(allowsHttp))
        {
            yield return $"{at}:issuer must be an https address without query and fragment (http only with Outbound:allow_private_addresses).";
        }

        foreach (var problem in ValidateRequest().Concat(ValidateAuthentication()))
        {
            yield return $"{at}:{problem}";
        }
    }

    private IEnumerable<string> ValidateRequest()
    {
        if (!Scope.Split(' ').Contains("openid", StringComparer.Ordinal))
        {
            yield return "scope must have openid.";
        }

        if (IdTokenSigningAlgs.Count == 0 || IdTokenSigningAlgs.Any(name => SigningAlgorithm.Find(name) is null))
        {
            yield return $"id_token_signing_algs must be some of {string.Join(", ", SigningAlgorithm.All)}.";
        }

        if (Claims.Where(claim => !UpstreamClaims.MayBeTaken(claim)).ToList() is { Count: > 0 } unknown)
        {
            yield return $"claims has {string.Join(", ", unknown)}; can be taken: {string.Join(", ", UpstreamClaims.Known)}.";
        }

        if (EmailDomains.Any(domain => Uri.CheckHostName(domain) != UriHostNameType.Dns))
        {
            yield return "email_domains must be host names, such as example.com.";
        }

        if (string.IsNullOrWhiteSpace(FreshPrompt))
        {
            yield return "fresh_prompt must be a value of prompt, such as login.";
        }
    }

    private IEnumerable<string> ValidateAuthentication()
    {
        if (string.IsNullOrWhiteSpace(ClientId))
        {
            yield return "client_id is missing.";
        }

        switch (TokenEndpointAuthMethod)
        {
            case ClientAuthenticationMethods.ClientSecretBasic or ClientAuthenticationMethods.ClientSecretPost:
                if (string.IsNullOrEmpty(ClientSecret))
                {
                    yield return "client_secret is missing.";
                }

                break;
            case ClientAuthenticationMethods.PrivateKeyJwt:
                if (FindKeyProblem() is { } problem)
                {
                    yield return problem;
                }

                break;
            case ClientAuthenticationMethods.None:
                break;
            default:
                yield return "token_endpoint_auth_method must be client_secret_basic, client_secret_post, private_key_jwt or none.";
                break;
        }
    }

    private string? FindKeyProblem()
    {
        if (SigningAlgorithm.Find(PrivateKeyAlg) is null)
        {
            return $"private_key_alg must be one of {string.Join(", ", SigningAlgorithm.All)}.";
        }

        if (PrivateKeyFile is null)
        {
            return "private_key_file is missing.";
        }

        try
        {
            using var key = ReadPrivateKey();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return "private_key_file cannot be used: " + exception.Message;
        }
    }

    private bool IsIssuer(bool allowsHttp) =>
        Uri.TryCreate(Issuer, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && !Issuer.Contains('?', StringComparison.Ordinal)
        && !Issuer.Contains('#', StringComparison.Ordinal)
        && (string.Equals(uri.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal)
            || (allowsHttp && string.Equals(uri.Scheme, Uri.UriSchemeHttp, StringComparison.Ordinal)));

    [GeneratedRegex("^[a-z0-9-]{1,32}$", RegexOptions.None, 1000)]
    private static partial Regex IdPattern();
}
