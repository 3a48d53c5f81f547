using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Protocol.Configuration;
using IdentityProvider.Protocol.Sessions;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Passkeys;

/// <summary>Whether passkeys are in use here: the operator wants them, and the issuer has a name that browsers take.</summary>
internal sealed class PasskeyAvailability(PasskeyRelyingParty party, IOptions<ProtocolOptions> options)
{
    public bool IsOpen => party.IsPossible && options.Value.SignIn.Offers(SignInMethods.Passkey);
}
