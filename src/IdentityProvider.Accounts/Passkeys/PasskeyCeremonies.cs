using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>
/// The two ceremonies of WebAuthn L3 §7. Verification is the framework's <see cref="PasskeyHandler{TUser}"/>, which follows the steps of the
/// text. It is given all it may know beforehand (<see cref="KnownPasskeys"/>) and reads no database, for it answers "refused" to every
/// exception, and an outage must not look like that. Three things are ours: the strict form of what is sent
/// (<see cref="PasskeyCredential"/>), the counter (<see cref="IPasskeyStore.TryUseAsync"/> decides in the write), and who may use a challenge
/// once.
/// </summary>
public sealed class PasskeyCeremonies(PasskeyRelyingParty party)
{
    /// <summary>Takes the place of names in what the framework keeps; what the authenticator shows is put into the options alone.</summary>
    private const string NoName = "-";

    /// <summary>What a browser needs to make a passkey: §7.1 step 1.</summary>
    /// <param name="account">Whose it will be; the user handle is its id, which says nothing of the person (§14.6.1).</param>
    /// <param name="known">Their passkeys: an authenticator that has one makes no second.</param>
    /// <param name="displayName">What the authenticator shows beside the user name.</param>
    /// <param name="serviceName">What it shows of us.</param>
    public async Task<PasskeyChallenge> BeginRegistrationAsync(
        Account account, IReadOnlyList<Passkey> known, string displayName, string serviceName)
    {
        ArgumentNullException.ThrowIfNull(account);
        var entity = new PasskeyUserEntity { Id = account.Id, Name = NoName, DisplayName = NoName };
        var made = await Handler(new KnownPasskeys(account, known)).MakeCreationOptionsAsync(entity, NoRequest());
        var options = JsonNode.Parse(made.CreationOptionsJson)!;
        options["rp"]!["name"] = serviceName;
        options["user"]!["name"] = account.UserName;
        options["user"]!["displayName"] = displayName;
        // Browsers of Level 1 read this member instead of residentKey.
        options["authenticatorSelection"]!["requireResidentKey"] = true;
        return new PasskeyChallenge(options.ToJsonString(), made.AttestationState!);
    }

    /// <summary>
    /// What a browser needs to use a passkey: §7.2 step 1. Never a list of credentials: the authenticator knows whose they are, and nobody
    /// learns from us what an account has.
    /// </summary>
    public async Task<PasskeyChallenge> BeginAssertionAsync()
    {
        var made = await Handler(KnownPasskeys.None).MakeRequestOptionsAsync(user: null, NoRequest());
        return new PasskeyChallenge(made.RequestOptionsJson, made.AssertionState!);
    }

    /// <summary>§7.1. What was made, or why it is refused. Whether the credential id is new is the store's to say.</summary>
    public async Task<PasskeyVerdict<NewPasskey>> VerifyRegistrationAsync(Account account, string state, string? credential)
    {
        if (PasskeyCredential.ReadNew(credential) is { } problem)
        {
            return PasskeyVerdict<NewPasskey>.No(problem);
        }

        var context = new PasskeyAttestationContext { HttpContext = NoRequest(), CredentialJson = credential!, AttestationState = state };
        var result = await Handler(new KnownPasskeys(account, [])).PerformAttestationAsync(context);
        return result.Succeeded && string.Equals(result.UserEntity.Id, account.Id, StringComparison.Ordinal)
            ? PasskeyVerdict<NewPasskey>.Yes(NewPasskey.Of(result.Passkey))
            : PasskeyVerdict<NewPasskey>.No(result.Failure?.Message ?? "made for another account");
    }

    /// <summary>§7.2 steps 3 to 21. What the authenticator said, or why it is refused. The counter is the store's to judge.</summary>
    public async Task<PasskeyVerdict<PasskeyUse>> VerifyAssertionAsync(Account account, Passkey passkey, string state, string credential)
    {
        var context = new PasskeyAssertionContext { HttpContext = NoRequest(), CredentialJson = credential, AssertionState = state };
        var result = await Handler(new KnownPasskeys(account, [passkey])).PerformAssertionAsync(context);
        return result.Succeeded
            ? PasskeyVerdict<PasskeyUse>.Yes(new PasskeyUse(result.Passkey.SignCount, result.Passkey.IsBackedUp))
            : PasskeyVerdict<PasskeyUse>.No(result.Failure.Message);
    }

    private PasskeyHandler<Account> Handler(KnownPasskeys known) => new(known.AsUserManager(), party.Options);

    /// <summary>The framework asks for a request, and looks at it only where we left it to guess our domain and origin.</summary>
    private static DefaultHttpContext NoRequest() => new();
}

/// <param name="Options">JSON for the browser: PublicKeyCredentialCreationOptionsJSON or PublicKeyCredentialRequestOptionsJSON.</param>
/// <param name="State">What the answer is verified against; not for the browser's eyes.</param>
public sealed record PasskeyChallenge(string Options, string State);

/// <summary>What the authenticator said at a use.</summary>
public sealed record PasskeyUse(uint SignCount, bool IsBackedUp);

/// <summary>A verified answer, or why it is none: for the operator and never for the sender.</summary>
public sealed record PasskeyVerdict<T>(T? Value, string? Problem)
    where T : class
{
    internal static PasskeyVerdict<T> Yes(T value) => new(value, Problem: null);

    internal static PasskeyVerdict<T> No(string problem) => new(Value: null, problem);
}
