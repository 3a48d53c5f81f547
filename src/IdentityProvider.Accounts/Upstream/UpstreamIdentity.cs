using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Protocol.Sessions;

namespace IdentityProvider.Accounts.Upstream;

/// <summary>A person as a provider knows them; verified.</summary>
public sealed record UpstreamIdentity
{
    public required UpstreamProvider Provider { get; init; }

    /// <summary><c>sub</c>: never reassigned within the issuer (OIDC Core §5.7), and the only thing that tells people apart.</summary>
    public required string Subject { get; init; }

    /// <summary>The e-mail address, only where the provider says that it is verified. Never a key to an account.</summary>
    public string? Email { get; init; }

    /// <summary>Profile claims that are taken from this provider.</summary>
    public required IReadOnlyDictionary<string, string> Claims { get; init; }

    /// <summary><c>acr</c> as the provider said it; null when it did not.</summary>
    public string? Acr { get; init; }

    /// <summary>
    /// What the link is found by, beside the provider: a hash over issuer and subject. A provider that is pointed to another issuer inherits no
    /// links. JSON from a provider holds no U+0000, so the two parts cannot be taken for another two.
    /// </summary>
    public string Key => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(Provider.Issuer + "\0" + Subject)));

    /// <summary>
    /// What it proves here. <c>amr</c> stays empty: RFC 8176 has no value for "another provider says so", and its methods were not seen by us.
    /// One factor, unless the settings say that an <c>acr</c> of this provider stands for more.
    /// </summary>
    public Proof Proof
    {
        get
        {
            var isPhishingResistant = Provider.PhishingResistantAcrValues.Contains(Acr, StringComparer.Ordinal);
            var isMultiFactor = isPhishingResistant || Provider.TwoFactorAcrValues.Contains(Acr, StringComparer.Ordinal);
            return new Proof(SignInMethods.Upstream, [], isMultiFactor, isPhishingResistant);
        }
    }

    /// <summary>What the person tells this link from others by.</summary>
    public string? Label => Email ?? Claims.GetValueOrDefault("name");
}
