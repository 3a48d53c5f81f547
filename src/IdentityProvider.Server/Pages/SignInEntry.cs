using IdentityProvider.Accounts.SignIn;
using IdentityProvider.Server.Passkeys;
using IdentityProvider.Server.SignIn;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Pages;

/// <summary>Takes what the sign-in page is sent: a password or a passkey.</summary>
internal sealed class SignInEntry(PasswordDoor passwords, PasskeyDoor passkeys, PasskeyOffers offers, SignInDesk desk)
{
    public async Task<SignInEntryOutcome> ByPasswordAsync(HttpContext context, SignInPlace place, SignInForm form)
    {
        switch (await passwords.ProveAsync(context, form.UserName!, form.Password!))
        {
            case SignInOutcome.SignedIn(var account):
                var next = await desk.ProvedAsync(context, account, Proof.Password, place, form.Remember);
                return new SignInEntryOutcome.GoOn(form.CanKeepPasskey ? await offers.BeforeAsync(context, account, place, next) : next);
            case SignInOutcome.TooMany(var pause):
                return new SignInEntryOutcome.Wait(pause, "Limit.Password");
            case SignInOutcome.Busy:
                return new SignInEntryOutcome.Busy();
            default:
                return new SignInEntryOutcome.Refused("SignIn.Wrong");
        }
    }

    /// <summary>For the script: a challenge that whoever has a passkey can answer.</summary>
    public Task<IActionResult> BeginPasskeyAsync(HttpContext context, SignInPlace place) =>
        passkeys.BeginAsync(context, PasskeyPurpose.SignInAt(place));

    public async Task<SignInEntryOutcome> ByPasskeyAsync(HttpContext context, SignInPlace place, PasskeyAnswer answer) =>
        await passkeys.ProveAsync(context, PasskeyPurpose.SignInAt(place), answer, expected: null) switch
        {
            PasskeyEntry.Proved(var account) =>
                new SignInEntryOutcome.GoOn(await desk.ProvedAsync(context, account, Proof.Passkey, place, answer.Remember)),
            PasskeyEntry.TooMany(var pause) => new SignInEntryOutcome.Wait(pause, "SignIn.PasskeyTooMany"),
            _ => new SignInEntryOutcome.Refused("SignIn.PasskeyRefused"),
        };
}

/// <summary>What came of it.</summary>
internal abstract record SignInEntryOutcome
{
    private SignInEntryOutcome()
    {
    }

    /// <param name="Address">Where the person goes on to.</param>
    public sealed record GoOn(string Address) : SignInEntryOutcome;

    /// <param name="Notice">Key of a text.</param>
    public sealed record Refused(string Notice) : SignInEntryOutcome;

    /// <param name="Pause">Until it is taken again.</param>
    /// <param name="Notice">Key of a text.</param>
    public sealed record Wait(TimeSpan Pause, string Notice) : SignInEntryOutcome;

    public sealed record Busy : SignInEntryOutcome;
}
