using System.Text.Json.Nodes;
using IdentityProvider.Accounts.Passkeys;
using IdentityProvider.Protocol.Sessions;
using IdentityProvider.Server.Pages;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace IdentityProvider.Server.Passkeys;

/// <summary>Making passkeys: what the account page and the offer after a sign-in have in common.</summary>
internal sealed class PasskeyDesk(
    PasskeyBook book,
    PasskeyTickets tickets,
    People people,
    DeviceNames devices,
    IOptions<PagesOptions> pages,
    ILogger<PasskeyDesk> logger)
{
    /// <summary>JSON for the script: the options and the ticket that goes with the answer. 409 when the account has enough.</summary>
    public async Task<IActionResult> BeginAsync(HttpContext context, Session session)
    {
        var person = await people.GetAsync(session.Subject, context.RequestAborted);
        var challenge = await book.BeginAsync(session.Subject, person.Name, pages.Value.ServiceName, context.RequestAborted);
        return challenge is null
            ? new StatusCodeResult(StatusCodes.Status409Conflict)
            : Challenge(challenge, tickets.Issue(context, PasskeyPurpose.RegistrationOf(session), challenge.State));
    }

    /// <summary>Adds what the browser made. Whether it did; why not stands in the log.</summary>
    public async Task<bool> TryAddAsync(HttpContext context, Session session, string? ticket, string? credential)
    {
        var outcome = await tickets.TakeAsync(context, PasskeyPurpose.RegistrationOf(session), ticket, context.RequestAborted) is { } state
            ? await book.AddAsync(
                session.Subject, state, credential, devices.Of(context.Request.Headers.UserAgent),
                context.Connection.RemoteIpAddress?.ToString(), context.RequestAborted)
            : new PasskeyAddition.Refused("no challenge, or one that is old, used, or of another browser or session");
        if (outcome is PasskeyAddition.Refused(var reason))
        {
            Log.PasskeyRefused(logger, new LogText(reason));
        }

        return outcome is PasskeyAddition.Added;
    }

    /// <summary>What the script reads.</summary>
    public static IActionResult Challenge(PasskeyChallenge challenge, string ticket) => new ContentResult
    {
        ContentType = "application/json",
        Content = new JsonObject { ["options"] = JsonNode.Parse(challenge.Options), ["ticket"] = ticket }.ToJsonString(),
    };
}
