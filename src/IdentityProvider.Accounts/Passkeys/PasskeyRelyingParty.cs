using IdentityProvider.Protocol.Configuration;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>
/// Who asks for passkeys: WebAuthn L3 §5.4.2. The RP ID is the host of the issuer and the origin is the issuer's; what a request says of
/// its host counts for nothing.
/// </summary>
public sealed class PasskeyRelyingParty
{
    /// <summary>
    /// COSE algorithms that are offered: ES256, ES384, ES512, PS256, RS256. EdDSA is not among them, for the platform has none; every
    /// authenticator does ES256 or RS256.
    /// </summary>
    private static readonly int[] Algorithms = [-7, -35, -36, -37, -257];

    public PasskeyRelyingParty(IOptions<ProtocolOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var issuer = new Uri(options.Value.Issuer, UriKind.Absolute);
        Id = issuer.IdnHost;
        Origin = issuer.IsDefaultPort ? $"{issuer.Scheme}://{issuer.IdnHost}" : $"{issuer.Scheme}://{issuer.IdnHost}:{issuer.Port}";
        IsPossible = issuer.HostNameType == UriHostNameType.Dns;
        Options = Microsoft.Extensions.Options.Options.Create(CreateOptions());
    }

    /// <summary>How long a person may take, and a challenge is good for: 5 minutes, as WebAuthn L3 §15.1 recommends where the user is verified.</summary>
    public static TimeSpan CeremonyLifetime { get; } = TimeSpan.FromMinutes(5);

    public string Id { get; }

    public string Origin { get; }

    /// <summary>False when the issuer is an IP address: browsers take domains only (WebAuthn L3 §5.1.3 step 7).</summary>
    public bool IsPossible { get; }

    /// <summary>For the framework's handler.</summary>
    internal IOptions<IdentityPasskeyOptions> Options { get; }

    private IdentityPasskeyOptions CreateOptions() => new()
    {
        ServerDomain = Id,
        AuthenticatorTimeout = CeremonyLifetime,
        ChallengeSize = 32,
        UserVerificationRequirement = "required",
        ResidentKeyRequirement = "required",
        // Which make of authenticator somebody has is their business; statements are not asked for and not looked at.
        AttestationConveyancePreference = "none",
        IsAllowedAlgorithm = algorithm => Array.IndexOf(Algorithms, algorithm) >= 0,
        // §7.1 steps 9 to 11, §7.2 steps 12 to 14: our origin as it stands, and never in somebody's frame.
        ValidateOrigin = context => ValueTask.FromResult(
            string.Equals(context.Origin, Origin, StringComparison.Ordinal) && !context.CrossOrigin && context.TopOrigin is null),
    };
}
