using IdentityProvider.Accounts.Changes;
using IdentityProvider.Accounts.Mail;
using IdentityProvider.Protocol.Audit;
using Microsoft.AspNetCore.Identity;

namespace IdentityProvider.Accounts.Passkeys;

/// <summary>
/// Sign-in by passkey: WebAuthn L3 §7.2 for somebody who has not said who they are, or who proved something already. Possession and user
/// verification: two factors in one, and no false site can pass it on. An account that pauses after wrong passwords takes it, so that nobody
/// locks a person out from elsewhere.
/// </summary>
public sealed class PasskeySignIn(
    PasskeyCeremonies ceremonies,
    IPasskeyStore passkeys,
    UserManager<Account> users,
    IAccountStateStore accounts,
    ChangeRecords records,
    TimeProvider clock)
{
    /// <summary>Longer reasons of the framework are cut; the trail takes one line.</summary>
    private const int MaxDetail = 200;

    /// <param name="state">Of a challenge that was taken for this and cannot be taken again.</param>
    /// <param name="credential">What the browser sent: AuthenticationResponseJSON.</param>
    /// <param name="expected">The only account that will do; null for any.</param>
    /// <param name="remoteAddress">For the audit trail.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<PasskeySignInOutcome> SignInAsync(
        string state, string? credential, string? expected, string? remoteAddress, CancellationToken cancellationToken)
    {
        // §7.2 steps 5 and 6: the credential is looked up by its id; whose it is must be what the authenticator says (userHandle), too.
        if (PasskeyCredential.FindId(credential) is not { } id
            || await passkeys.FindAsync(id, cancellationToken) is not { } passkey
            || await users.FindByIdAsync(passkey.AccountId) is not { } account)
        {
            return await RefuseAsync(subject: null, "unknown passkey", remoteAddress, cancellationToken);
        }

        var verdict = await ceremonies.VerifyAssertionAsync(account, passkey, state, credential!);
        if (verdict.Value is not { } use)
        {
            return await RefuseAsync(account.Id, verdict.Problem!, remoteAddress, cancellationToken);
        }

        if (account.Disabled)
        {
            return await RefuseAsync(account.Id, "disabled account", remoteAddress, cancellationToken);
        }

        if (expected is not null && !string.Equals(expected, account.Id, StringComparison.Ordinal))
        {
            return await RefuseAsync(account.Id, "passkey of another account than the one that is signing in", remoteAddress, cancellationToken);
        }

        // Steps 22 and 24. The signature is right here, so a counter that did not grow is not somebody's guess.
        var now = clock.GetUtcNow();
        if (await passkeys.TryUseAsync(passkey.Id, use.SignCount, use.IsBackedUp, now, cancellationToken))
        {
            await accounts.RecordSignInAsync(account.Id, now, cancellationToken);
            return new PasskeySignInOutcome.SignedIn(account);
        }

        var isThere = await passkeys.FindAsync(id, cancellationToken) is not null;
        return isThere
            ? await SuspectAsync(account, passkey, use, remoteAddress, cancellationToken)
            : await RefuseAsync(account.Id, "removed passkey", remoteAddress, cancellationToken);
    }

    private async Task<PasskeySignInOutcome> SuspectAsync(
        Account account, Passkey passkey, PasskeyUse use, string? remoteAddress, CancellationToken cancellationToken)
    {
        var detail = $"passkey {passkey.Id:N}: counter {use.SignCount} is not above the one seen before";
        var record = records.Tell(
            AuditEventTypes.PasskeySuspected, AccountMailKind.PasskeySuspected, account, remoteAddress, detail, subject: passkey.Name);
        await records.AddAsync(record, cancellationToken);
        return new PasskeySignInOutcome.Suspected();
    }

    private async Task<PasskeySignInOutcome> RefuseAsync(
        string? subject, string reason, string? remoteAddress, CancellationToken cancellationToken)
    {
        await records.AddAsync(
            records.Note(AuditEventTypes.SignInFailed, subject, remoteAddress, $"passkey: {Line(reason)}"), cancellationToken);
        return new PasskeySignInOutcome.Refused();
    }

    /// <summary>The framework's reasons repeat what was sent.</summary>
    private static string Line(string reason)
    {
        var cut = reason.Length > MaxDetail ? reason[..MaxDetail] : reason;
        return string.Concat(cut.Select(character => char.IsControl(character) || char.IsSurrogate(character) ? '?' : character));
    }
}

/// <summary>What came of a sign-in by passkey.</summary>
public abstract record PasskeySignInOutcome
{
    private PasskeySignInOutcome()
    {
    }

    /// <param name="Account">Proved to be the person's.</param>
    public sealed record SignedIn(Account Account) : PasskeySignInOutcome;

    /// <summary>One answer for an unknown, a removed and a wrong one, and for a disabled account.</summary>
    public sealed record Refused : PasskeySignInOutcome;

    /// <summary>
    /// The signature is right and the counter is not above the one seen before: a sign of a copied authenticator (WebAuthn L3 §6.1.1). The
    /// person is told; the sender sees what all who are refused see.
    /// </summary>
    public sealed record Suspected : PasskeySignInOutcome;
}
