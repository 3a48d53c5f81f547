using IdentityProvider.Accounts;
using IdentityProvider.Accounts.Passkeys;
using Microsoft.AspNetCore.Mvc;

namespace IdentityProvider.Server.Passkeys;

/// <summary>Signing in by passkey: what the sign-in page and the page of the second factor have in common.</summary>
internal sealed class PasskeyDoor(
    PasskeyCeremonies ceremonies, PasskeySignIn signIn, PasskeyTickets tickets, AccountLimits limits)
{
    /// <summary>JSON for the script: the options and the ticket that goes with the answer.</summary>
    public async Task<IActionResult> BeginAsync(HttpContext context, PasskeyPurpose purpose)
    {
        var challenge = await ceremonies.BeginAssertionAsync();
        return PasskeyDesk.Challenge(challenge, tickets.Issue(context, purpose, challenge.State));
    }

    /// <param name="context">The request.</param>
    /// <param name="purpose">What the challenge was made for.</param>
    /// <param name="answer">What the script sent.</param>
    /// <param name="expected">The only account that will do; null for any.</param>
    public async Task<PasskeyEntry> ProveAsync(HttpContext context, PasskeyPurpose purpose, PasskeyAnswer answer, Account? expected)
    {
        var address = context.Connection.RemoteIpAddress?.ToString();
        using var attempt = await limits.TryPasskeyAsync(address, context.RequestAborted);
        if (attempt.Refusal is not null)
        {
            return new PasskeyEntry.TooMany(attempt.RetryAfter);
        }

        if (await tickets.TakeAsync(context, purpose, answer.Ticket, context.RequestAborted) is not { } state)
        {
            return new PasskeyEntry.Refused();
        }

        var outcome = await signIn.SignInAsync(state, answer.Credential, expected?.Id, address, context.RequestAborted);
        if (outcome is not PasskeySignInOutcome.SignedIn(var account))
        {
            return new PasskeyEntry.Refused();
        }

        await attempt.TakeBackAsync(context.RequestAborted);
        return new PasskeyEntry.Proved(account);
    }
}

/// <summary>What the script puts into a form.</summary>
internal sealed class PasskeyAnswer
{
    [FromForm(Name = "ticket")]
    public string? Ticket { get; set; }

    [FromForm(Name = "credential")]
    public string? Credential { get; set; }

    /// <summary>"Keep me signed in", copied from beside the password.</summary>
    [FromForm(Name = "remember")]
    public bool Remember { get; set; }
}

/// <summary>What came of an answer.</summary>
internal abstract record PasskeyEntry
{
    private PasskeyEntry()
    {
    }

    public sealed record Proved(Account Account) : PasskeyEntry;

    public sealed record Refused : PasskeyEntry;

    public sealed record TooMany(TimeSpan RetryAfter) : PasskeyEntry;
}
